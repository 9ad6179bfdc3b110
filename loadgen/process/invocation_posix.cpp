#include "process/invocation.hpp"

#include <sys/utsname.h>

#include <fstream>

namespace loadgen {

std::string system_name() {
    utsname names{};
    if (uname(&names) != 0)
        return "unknown";
    return std::string(names.sysname) + " " + names.release + " " + names.machine;
}

// Linux; other systems have no such file.
std::string processor_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (const auto colon = line.find(": "); line.starts_with("model name") && colon != std::string::npos)
            return line.substr(colon + 2);
    return {};
}

} // namespace loadgen
