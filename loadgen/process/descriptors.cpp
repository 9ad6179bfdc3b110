#include "process/descriptors.hpp"

#include <algorithm>
#include <limits>

#ifndef _WIN32
#include <sys/resource.h>
#endif

namespace loadgen {

std::uint64_t raise_descriptor_limit(std::uint64_t wanted) {
#ifdef _WIN32
    static_cast<void>(wanted);
    return std::numeric_limits<std::uint64_t>::max(); // sockets are handles, and 16 million are allowed
#else
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return std::numeric_limits<std::uint64_t>::max();
    if (limit.rlim_cur < wanted) {
        rlimit raised = limit;
        raised.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
            limit = raised;
    }
    return limit.rlim_cur;
#endif
}

} // namespace loadgen
