#include "process/invocation.hpp"
#include "process/wine.hpp"

#include <windows.h>

#include <array>

namespace loadgen {
namespace {

std::string registry_text(const char* key, const char* name) {
    std::array<char, 256> text{};
    DWORD size = text.size() - 1;
    if (RegGetValueA(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_SZ, nullptr, text.data(), &size) !=
        ERROR_SUCCESS)
        return {};
    return text.data();
}

} // namespace

std::string system_name() {
    constexpr const char* key = R"(SOFTWARE\Microsoft\Windows NT\CurrentVersion)";
    std::string name = registry_text(key, "ProductName");
    if (const std::string build = registry_text(key, "CurrentBuild"); !build.empty())
        name += ", build " + build;
    return (name.empty() ? "Windows" : name) + (runs_under_wine() ? ", by Wine" : "");
}

std::string processor_name() {
    return registry_text(R"(HARDWARE\DESCRIPTION\System\CentralProcessor\0)", "ProcessorNameString");
}

} // namespace loadgen
