// What the thread sanitizer cannot see: io_uring closes sockets in the kernel (IORING_OP_CLOSE). When their
// numbers come again in another thread, it takes that for a race with the socket() of before.
#ifdef __SANITIZE_THREAD__
extern "C" const char* __tsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __tsan_default_suppressions() { // NOLINT(bugprone-reserved-identifier)
    return "race:loadgen::Socket::open\n";
}
#endif
