// When to stop: SIGINT, SIGTERM, or the end of stdin.
#pragma once

#include "ring.hpp"

#include <array>
#include <cstdint>

namespace uring {

class StopWish {
  public:
    /// Before any other thread begins: they all leave the signals to this.
    StopWish();
    ~StopWish();
    StopWish(const StopWish&) = delete;
    StopWish& operator=(const StopWish&) = delete;

    /// Completions with these two are for the functions below. In a thread that stays, of course.
    void watch(Ring& ring, std::uint64_t signal, std::uint64_t input);
    /// A completion of the input: true if it is at its end. Otherwise it is watched on.
    bool is_end_of_input(Ring& ring, const Completion& completion);

  private:
    void read_input(Ring& ring, std::uint64_t data);

    int signals_;
    std::array<char, 256> ignored_{};
};

} // namespace uring
