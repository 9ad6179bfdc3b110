#include "stop.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace uring {

StopWish::StopWish() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = signalfd(-1, &set, SFD_CLOEXEC);
    if (signals_ < 0)
        throw std::system_error(errno, std::system_category(), "signalfd");
}

StopWish::~StopWish() {
    close(signals_);
}

void StopWish::watch(Ring& ring, std::uint64_t signal, std::uint64_t input) {
    ring.submit({{signal, 0, [this](auto* entry) { io_uring_prep_poll_add(entry, signals_, POLLIN); }}});
    // A terminal has Ctrl-C, and a service's /dev/null is at its end from the start.
    struct stat about {};
    if (fstat(STDIN_FILENO, &about) == 0 &&
        (S_ISFIFO(about.st_mode) || S_ISREG(about.st_mode) || S_ISSOCK(about.st_mode)))
        read_input(ring, input);
}

bool StopWish::is_end_of_input(Ring& ring, const Completion& completion) {
    if (completion.result <= 0)
        return true;
    read_input(ring, completion.data);
    return false;
}

void StopWish::read_input(Ring& ring, std::uint64_t data) {
    ring.submit({{data, 0, [this](auto* entry) {
                      io_uring_prep_read(entry, STDIN_FILENO, ignored_.data(),
                                         static_cast<unsigned>(ignored_.size()), ~0ULL);
                  }}});
}

} // namespace uring
