// What the thread sanitizer cannot see, and would take for races. Both come of io_uring:
// - The kernel closes its sockets (IORING_OP_CLOSE). Their numbers come again in another thread: in its
//   socket(), in the first use of an epoll descriptor, and where OpenSSL reads its folder of certificates.
// - liburing maps a ring's memory by system calls of its own. When a ring is gone, another thread's may have
//   its address.
#ifdef __SANITIZE_THREAD__
extern "C" const char* __tsan_default_suppressions(); // NOLINT(bugprone-reserved-identifier)

const char* __tsan_default_suppressions() { // NOLINT(bugprone-reserved-identifier)
    return "race:loadgen::Socket::open\n"
           "race:boost::asio::detail::epoll_reactor::epoll_reactor\n"
           "race:OPENSSL_DIR_end\n"
           "race:io_uring_\n";
}
#endif
