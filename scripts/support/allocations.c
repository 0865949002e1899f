// Preloaded, this keeps a table of all blocks of the heap in the file $ALLOCATIONS: where each is, what it takes, and who asked
// for it. Others read the file while the program runs. Once the table is full, blocks are counted as missed and nothing else.
// Who asked is told of SwiftNIO's event loops alone: the stacks of Swift's tasks cannot be walked as C's are.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

// The same numbers stand in allocations.py.
#define FRAMES 32
#define CAPACITY (1 << 18)

struct block { uint64_t address, size, frames[FRAMES]; };
struct table { uint64_t missed, used; struct block blocks[CAPACITY]; };

static struct table *table;
static atomic_flag lock = ATOMIC_FLAG_INIT;
// Walking the stack may allocate, and so may finding the functions.
static _Thread_local int inside;

static _Thread_local enum { UNKNOWN, LOOP } kind;

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void *(*real_memalign)(size_t, size_t);
static void (*real_free)(void *);

// What dlsym(3) itself asks for before there is any function to ask.
static char early[4096];
static size_t early_used;

static void *early_memory(size_t size)
{
    size_t start = early_used;
    early_used += (size + 15) & ~(size_t)15;
    return early_used <= sizeof early ? early + start : NULL;
}

static int is_early(void *address) { return (char *)address >= early && (char *)address < early + sizeof early; }

static void find_functions(void)
{
    if (real_free) return;
    inside++;
    real_malloc = dlsym(RTLD_NEXT, "malloc");
    real_calloc = dlsym(RTLD_NEXT, "calloc");
    real_realloc = dlsym(RTLD_NEXT, "realloc");
    real_memalign = dlsym(RTLD_NEXT, "memalign");
    real_free = dlsym(RTLD_NEXT, "free");
    inside--;
}

__attribute__((constructor)) static void begin(void)
{
    find_functions();
    const char *path = getenv("ALLOCATIONS");
    int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    // Whoever started this program may have been in it.
    if (file < 0 || ftruncate(file, 0) != 0 || ftruncate(file, sizeof(struct table)) != 0) abort();
    void *memory = mmap(NULL, sizeof(struct table), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED) abort();
    // The first walk loads a library.
    void *frames[2];
    inside++;
    backtrace(frames, 2);
    inside--;
    table = memory;
}

static void acquire(void) { while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) {} }
static void release(void) { atomic_flag_clear_explicit(&lock, memory_order_release); }

static size_t home(uint64_t address) { return (address >> 4) * 0x9E3779B97F4A7C15u >> 46; }
_Static_assert(CAPACITY == 1 << (64 - 46), "the hash has as many bits as the table");

// A thread gets its name after its first blocks.
static int is_event_loop(void)
{
    char name[16] = "";
    if (kind == UNKNOWN && prctl(PR_GET_NAME, name) == 0 && strncmp(name, "NIO-ELT", 7) == 0) kind = LOOP;
    return kind == LOOP;
}

static void add(void *address)
{
    if (!address || !table || inside) return;
    inside++;
    void *frames[FRAMES];
    int count = is_event_loop() ? backtrace(frames, FRAMES) : 0;
    acquire();
    // A table that is nearly full would be searched for ever.
    if (table->used >= CAPACITY / 4 * 3) {
        table->missed++;
    } else {
        size_t index = home((uint64_t)address);
        while (table->blocks[index].address) index = (index + 1) % CAPACITY;
        struct block *block = &table->blocks[index];
        block->address = (uint64_t)address;
        // The allocator's own word before each block belongs to it.
        block->size = malloc_usable_size(address) + sizeof(size_t);
        for (int frame = 0; frame < FRAMES; frame++)
            block->frames[frame] = frame < count ? (uint64_t)frames[frame] : 0;
        table->used++;
    }
    release();
    inside--;
}

static void drop(void *address)
{
    if (!address || !table) return;
    acquire();
    size_t index = home((uint64_t)address);
    while (table->blocks[index].address && table->blocks[index].address != (uint64_t)address) index = (index + 1) % CAPACITY;
    if (table->blocks[index].address) {
        table->used--;
        // What stands behind it and could stand here moves up, so that there are no holes to search over.
        for (size_t next = (index + 1) % CAPACITY; table->blocks[next].address; next = (next + 1) % CAPACITY) {
            size_t wanted = home(table->blocks[next].address);
            if ((next - wanted) % CAPACITY >= (next - index) % CAPACITY) {
                table->blocks[index] = table->blocks[next];
                index = next;
            }
        }
        table->blocks[index].address = 0;
    }
    release();
}

void *malloc(size_t size)
{
    if (!real_malloc && inside) return early_memory(size);
    find_functions();
    void *address = real_malloc(size);
    add(address);
    return address;
}

void *calloc(size_t count, size_t size)
{
    if (!real_calloc && inside) return early_memory(count * size);
    find_functions();
    void *address = real_calloc(count, size);
    add(address);
    return address;
}

void *realloc(void *old, size_t size)
{
    find_functions();
    if (is_early(old)) {
        size_t most = (size_t)(early + sizeof early - (char *)old);
        void *moved = malloc(size);
        return moved ? memcpy(moved, old, size < most ? size : most) : NULL;
    }
    // Out before it can be somebody else's; in again where there was no memory, under this place.
    drop(old);
    void *address = real_realloc(old, size);
    add(address || size == 0 ? address : old);
    return address;
}

void *memalign(size_t alignment, size_t size)
{
    find_functions();
    void *address = real_memalign(alignment, size);
    add(address);
    return address;
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **address, size_t alignment, size_t size)
{
    void *memory = memalign(alignment, size);
    if (!memory) return ENOMEM;
    *address = memory;
    return 0;
}

void free(void *address)
{
    if (is_early(address)) return;
    find_functions();
    drop(address);
    real_free(address);
}
