// The least a client on one thread can do: what bench.sh holds every load generator against.
//
// Written from epoll(7): edge-triggered, so a socket is registered once and read until it says EAGAIN, the
// end of the stream or, on a kept connection, until the answer is whole. No statistics, no timeouts, no HTTP
// beyond the status and one length.

#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int fd;
    bool sent;       // the request is written; before that the connection is being made
    size_t received; // bytes of the answer
};

static struct addrinfo* server;
static char request[4096];
static size_t request_size;
static bool keep_alive;
static size_t answer_size; // kept connections: of a whole answer, learnt from the first one
static int poller;
static char buffer[1 << 16];
static unsigned long attempts, failures, in_flight;
static bool over;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void open_connection(struct connection* c) {
    c->sent = false;
    c->received = 0;
    c->fd = socket(server->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd >= 0) {
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        if ((connect(c->fd, server->ai_addr, server->ai_addrlen) == 0 || errno == EINPROGRESS) &&
            epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event) == 0)
            return;
        close(c->fd);
    }
    // Our own fault, such as no descriptor: this one is given up, the others go on.
    perror("epoll-floor");
    ++attempts;
    ++failures;
    --in_flight;
}

static bool send_request(struct connection* c) {
    c->sent = send(c->fd, request, request_size, MSG_NOSIGNAL) == (ssize_t)request_size;
    c->received = 0;
    return c->sent;
}

// The size of a whole answer by its head, or 0. All answers of one server to one request are taken to be of
// this size.
static size_t size_by_head(char* text, size_t size) {
    text[size] = '\0';
    const char* end = strstr(text, "\r\n\r\n");
    const char* length = strcasestr(text, "\r\nContent-Length:");
    if (end == NULL || length == NULL || length > end)
        return 0;
    return (size_t)(end + 4 - text) + strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
}

enum result { going_on, kept, good, bad };

static enum result read_answer(struct connection* c) {
    for (;;) {
        const ssize_t bytes = recv(c->fd, buffer, sizeof buffer - 1, 0);
        if (bytes < 0)
            return errno == EAGAIN ? going_on : bad;
        if (bytes == 0)
            return !keep_alive && c->received > 0 ? good : bad;
        if (c->received == 0) {
            if (bytes < 12 || memcmp(buffer, "HTTP/1.1 200", 12) != 0)
                return bad;
            if (keep_alive && answer_size == 0 && (answer_size = size_by_head(buffer, (size_t)bytes)) == 0)
                return bad;
        }
        c->received += (size_t)bytes;
        if (keep_alive && c->received > answer_size)
            return bad;
        if (keep_alive && c->received == answer_size)
            return over ? good : kept;
    }
}

static void on_ready(struct connection* c) {
    enum result result = going_on;
    if (c->sent)
        result = read_answer(c);
    else if (!send_request(c))
        result = bad;
    if (result == going_on) // what comes next makes the next edge
        return;
    ++attempts;
    if (result == kept && send_request(c))
        return;
    failures += result != good && result != kept;
    close(c->fd);
    if (over)
        --in_flight;
    else
        open_connection(c);
}

static void usage(void) {
    fputs("usage: epoll-floor [-k] -c CONNECTIONS -d SECONDS HOST PORT PATH\n"
          "Requests PATH for so long, on new connections or with -k on kept ones.\n",
          stderr);
    exit(2);
}

int main(int argc, char** argv) {
    long connections = 0;
    double seconds = 0;
    for (int option; (option = getopt(argc, argv, "kc:d:")) != -1;) {
        if (option == 'k')
            keep_alive = true;
        else if (option == 'c')
            connections = atol(optarg);
        else if (option == 'd')
            seconds = atof(optarg);
        else
            usage();
    }
    if (argc - optind != 3 || connections <= 0 || seconds <= 0)
        usage();
    const char *host = argv[optind], *port = argv[optind + 1], *path = argv[optind + 2];
    const int problem = getaddrinfo(host, port, &(struct addrinfo){.ai_socktype = SOCK_STREAM}, &server);
    if (problem != 0) {
        fprintf(stderr, "epoll-floor: %s: %s\n", host, gai_strerror(problem));
        return 2;
    }
    const int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s:%s\r\n%s\r\n", path, host,
                              port, keep_alive ? "" : "Connection: close\r\n");
    if (size >= (int)sizeof request)
        usage();
    request_size = (size_t)size;

    poller = epoll_create1(EPOLL_CLOEXEC);
    struct connection* all = calloc((size_t)connections, sizeof *all);
    if (poller < 0 || all == NULL) {
        perror("epoll-floor");
        return 1;
    }
    const double end = now() + seconds;
    in_flight = (unsigned long)connections;
    for (long i = 0; i < connections; ++i)
        open_connection(&all[i]);

    // After the end those in flight are finished; what says nothing for a second then has failed.
    while (in_flight > 0) {
        struct epoll_event events[256];
        const int count = epoll_wait(poller, events, 256, 1000);
        over = now() >= end;
        if (count == 0 && over)
            break;
        for (int i = 0; i < count; ++i)
            on_ready(events[i].data.ptr);
    }
    printf("attempts %lu\nfailures %lu\n", attempts + in_flight, failures + in_flight);
    return 0;
}
