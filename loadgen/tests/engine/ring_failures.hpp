// Lets the calls fail by which a ring goes to the kernel.
#pragma once

namespace loadgen {

inline constexpr unsigned always = 1'000'000;

/// So many of this thread's next ones fail with that errno, having done nothing.
void let_fail(int error, unsigned times);
unsigned failures_left();

} // namespace loadgen
