// What a C++ exception is to the system.
#pragma once

/// Whether one that nobody catches comes to the host as a structured exception.
// GCC's are not on x86: one that nobody catches ends in abort().
#if defined(__GNUC__) && !defined(_WIN64)
inline constexpr bool cpp_exceptions_are_structured = false;
#else
inline constexpr bool cpp_exceptions_are_structured = true;
#endif
