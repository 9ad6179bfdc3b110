#include "process/interrupts.hpp"

#include <atomic>
#include <csignal>

namespace loadgen {
namespace {

std::atomic<int> count = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler writes it");

extern "C" void on_interrupt(int) {
    ++count;
}

} // namespace

void catch_interrupts() {
    std::signal(SIGINT, on_interrupt);
    std::signal(SIGTERM, on_interrupt);
}

int interrupts() {
    return count;
}

} // namespace loadgen
