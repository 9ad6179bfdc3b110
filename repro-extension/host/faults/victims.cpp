#include "faults/victims.hpp"

#include "base/csv.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "faults/image.hpp"
#include "faults/symbols.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <bit>
#include <stdexcept>

namespace host {
namespace {

/// Microseconds since the Unix epoch, UTC.
std::int64_t unix_time_us() noexcept {
    // Since Windows 8; before it the clock steps by milliseconds.
    using Clock = void(WINAPI*)(FILETIME*);
    static const auto precise = std::bit_cast<Clock>(
        GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "GetSystemTimePreciseAsFileTime"));
    FILETIME time;
    (precise != nullptr ? precise : &GetSystemTimeAsFileTime)(&time);
    constexpr std::int64_t from_1601_to_1970_us = 11'644'473'600'000'000;
    const auto ticks = (std::int64_t{time.dwHighDateTime} << 32) | std::int64_t{time.dwLowDateTime};
    return ticks / 10 - from_1601_to_1970_us;
}

} // namespace

VictimLog::VictimLog(const std::filesystem::path& file) {
    if (file.empty())
        return;
    auto* const handle = CreateFileW(file.c_str(), FILE_APPEND_DATA | FILE_READ_ATTRIBUTES,
                                     FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr, OPEN_ALWAYS,
                                     FILE_ATTRIBUTE_NORMAL, nullptr);
    if (handle == INVALID_HANDLE_VALUE) {
        throw std::runtime_error(
            fmt::format("cannot write the victims file {}: {}; give another with --victims", to_utf8(file),
                        error_text(GetLastError())));
    }
    file_.reset(handle);
    LARGE_INTEGER size{};
    if (GetFileSizeEx(handle, &size) && size.QuadPart == 0)
        write("time_us,client_address,client_port,thread_id,thread_start,posted_us_before,extension,request,"
              "operation\n");
}

void VictimLog::add(const Victim& victim) {
    const Poster& poster = victim.posted_by;
    const std::string start = describe_address(poster.thread.start);
    const std::string extension = poster.extension == nullptr ? "-" : poster.extension->name();
    if (file_) {
        // The time is taken inside the lock: rows are in the order of their times.
        const std::lock_guard lock(guard_);
        write(fmt::format("{},{},{},{},{},{},{},{},{}\n", unix_time_us(), victim.client_address,
                          victim.client_port, poster.thread.id, csv_field(start),
                          victim.posted_before.count(), csv_field(extension), csv_field(poster.request()),
                          victim.operation));
    }
    spdlog::info("victim {}:{} of {}, its {} posted {} us ago by thread {} of {}", victim.client_address,
                 victim.client_port, extension, victim.operation == "accept" ? "AcceptEx" : "read",
                 victim.posted_before.count(), poster.thread.id, start);
}

void VictimLog::write(std::string_view line) {
    DWORD written = 0;
    if (!WriteFile(file_.get(), line.data(), static_cast<DWORD>(line.size()), &written, nullptr))
        warn_once(fmt::format("cannot write to the victims file: {}", error_text(GetLastError())));
}

} // namespace host
