// Asks at a fixed rate over kept TLS connections, whatever the answers take:
//
//     steady PORT PATH TOKEN CONNECTIONS RATE SECONDS
//
// Each request is due at a time that is known beforehand, and the time of its answer counts from then. If the server
// stalls, requests that it kept from being sent in time count with all of their delay (no coordinated omission). A request
// goes out on a connection that waits for nothing; if there is none, it goes out as soon as there is one.
//
// h2load has a fixed rate, too, but asks in steps of 10 ms, and counts from when a request was sent; wrk has none.
//
// Prints a line for each request of the measured time: the microseconds, or -1 for no answer or another than 200. A
// connection that ends is not replaced.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

// Requests before this are not counted: the server and the caches warm up.
#define WARM_UP 0.5
// How long the last answers may take.
#define PATIENCE 30.0

struct connection { SSL *ssl; double due; long number; int asked, good; size_t got, whole; char head[4096]; };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what)
{
    fprintf(stderr, "steady: %s: %s\n", what, strerror(errno));
    exit(1);
}

static SSL *connected(SSL_CTX *context, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int yes = 1, file = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (file < 0 || connect(file, (struct sockaddr *)&address, sizeof address) != 0) fail("no connection");
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    SSL *ssl = SSL_new(context);
    if (!ssl || !SSL_set_fd(ssl, file) || !SSL_set_tlsext_host_name(ssl, "localhost")) fail("no TLS");
    if (SSL_connect(ssl) != 1) fail("no handshake");
    fcntl(file, F_SETFL, O_NONBLOCK);
    return ssl;
}

// How long an answer is as a whole; 0 while its head does not say.
static size_t length(struct connection *one, size_t got)
{
    one->head[got < sizeof one->head ? got : sizeof one->head - 1] = 0;
    char *end = strstr(one->head, "\r\n\r\n"), *field = strcasestr(one->head, "\r\ncontent-length:");
    if (!end) return 0;
    if (!field || field > end) fail("an answer without a length");
    one->good = strncmp(one->head, "HTTP/1.1 200 ", 13) == 0;
    return (size_t)(end + 4 - one->head) + strtoul(field + 17, NULL, 10);
}

enum progress { NOT_YET, ANSWERED, ENDED };

// Takes in what has come, and returns how far the answer is.
static enum progress take(struct connection *one)
{
    char rest[65536];
    for (;;) {
        char *into = one->whole ? rest : one->head + one->got;
        size_t room = one->whole ? sizeof rest : sizeof one->head - 1 - one->got, count = 0;
        if (SSL_read_ex(one->ssl, into, room, &count) != 1) {
            return SSL_get_error(one->ssl, 0) == SSL_ERROR_WANT_READ ? NOT_YET : ENDED;
        }
        one->got += count;
        if (!one->whole) one->whole = length(one, one->got);
        if (one->whole && one->got >= one->whole) return ANSWERED;
    }
}

int main(int count, char **words)
{
    if (count != 7) return 64;
    int connections = atoi(words[4]);
    double rate = atof(words[5]), seconds = atof(words[6]);
    long total = (long)((WARM_UP + seconds) * rate), skipped = (long)(WARM_UP * rate);
    char request[2048];
    int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
                        words[2], words[3]);
    struct connection *all = calloc((size_t)connections, sizeof *all);
    // Those that wait for nothing, the one that has done so longest first: every connection has its turn.
    struct connection **idle = calloc((size_t)connections, sizeof *idle);
    long *times = calloc((size_t)total, sizeof *times);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    int poll = epoll_create1(0);
    if (!all || !idle || !times || !context || poll < 0 || connections < 1 || size >= (int)sizeof request) fail("cannot begin");
    for (int index = 0; index < connections; index++) {
        all[index].ssl = connected(context, atoi(words[1]));
        idle[index] = &all[index];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[index]};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, SSL_get_fd(all[index].ssl), &event) != 0) fail("no epoll");
    }
    // To be woken up when it is time, and not 50 microseconds later.
    prctl(PR_SET_TIMERSLACK, 1UL);
    signal(SIGPIPE, SIG_IGN);
    long sent = 0, done = 0, first = 0, waiting = connections, open = connections;
    double begin = now() + 0.01, end = begin + (double)total / rate + PATIENCE;
    // What is not done by then, has failed.
    for (long index = 0; index < total; index++) times[index] = index < skipped ? -2 : -1;
    while (done < total && open > 0) {
        double time = now(), due = begin + (double)sent / rate;
        if (time > end) break;
        while (sent < total && waiting > 0 && due <= time) {
            struct connection *one = idle[first];
            first = (first + 1) % connections, waiting--;
            one->due = due, one->number = sent, one->got = one->whole = 0;
            one->asked = SSL_write(one->ssl, request, size) == size;
            if (!one->asked) done++;
            due = begin + (double)++sent / rate;
        }
        // Without a connection that is free, only an answer changes anything.
        double pause = sent < total && waiting > 0 ? due - now() : 1;
        struct timespec timeout = {.tv_sec = 0, .tv_nsec = pause <= 0 ? 0 : pause >= 1 ? 999999999L : (long)(pause * 1e9)};
        struct epoll_event events[64];
        int ready = epoll_pwait2(poll, events, 64, &timeout, NULL);
        for (int index = 0; index < ready; index++) {
            struct connection *one = events[index].data.ptr;
            enum progress progress = take(one);
            if (progress == ENDED) {
                // If it waits for nothing, its next request fails.
                epoll_ctl(poll, EPOLL_CTL_DEL, SSL_get_fd(one->ssl), NULL);
                open--;
            }
            if (progress == NOT_YET) continue;
            done += one->asked;
            one->asked = 0;
            if (progress == ENDED) continue;
            if (one->good && one->number >= skipped) times[one->number] = (long)((now() - one->due) * 1e6);
            idle[(first + waiting++) % connections] = one;
        }
    }
    for (long index = 0; index < total; index++)
        if (times[index] != -2) printf("%ld\n", times[index]);
    return 0;
}
