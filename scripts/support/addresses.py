"""Has each connection of schemathesis come from an address of its own.

It tries wrong tokens by the dozen, and expects 401 each time. The gateway answers 429 to the eleventh from one address, which
is described as well; the tests of the gateway look at that."""
import itertools
import urllib3.util.connection

connect = urllib3.util.connection.create_connection
hosts = itertools.cycle(range(2, 65000))


def create_connection(address, *args, source_address=None, **options):
    host = next(hosts)
    return connect(address, *args, source_address=(f"127.1.{host // 250}.{host % 250 + 1}", 0), **options)


urllib3.util.connection.create_connection = create_connection
