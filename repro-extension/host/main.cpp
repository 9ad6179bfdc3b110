#include "base/log.hpp"
#include "base/options.hpp"
#include "base/utf8.hpp"
#include "faults/broken_rules.hpp"
#include "faults/process_watch.hpp"
#include "host.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <io.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>

namespace {

// Outlives everything: the console's own thread and the one that watches stdin use it until the
// process ends.
auto* const stop_wanted = CreateEventW(nullptr, TRUE, FALSE, nullptr);

BOOL WINAPI on_console_event(DWORD) noexcept {
    const bool first = WaitForSingleObject(stop_wanted, 0) != WAIT_OBJECT_0;
    SetEvent(stop_wanted);
    return first; // the second Ctrl-C ends the process at once
}

/// Asks for a stop once stdin is at its end. Only a pipe or a file has one that means something: a
/// console has Ctrl-C, and a service's NUL is at its end from the start.
void watch_stdin() {
    auto* const input = GetStdHandle(STD_INPUT_HANDLE);
    const DWORD type = GetFileType(input);
    if (type != FILE_TYPE_PIPE && type != FILE_TYPE_DISK)
        return;
    // Detached, because nothing ends a blocked read of a pipe before the process does.
    std::thread([input] {
        std::array<char, 256> ignored;
        DWORD bytes = 0;
        while (ReadFile(input, ignored.data(), static_cast<DWORD>(ignored.size()), &bytes, nullptr) &&
               bytes > 0) {
        }
        SetEvent(stop_wanted);
    }).detach();
}

void say(std::FILE* stream, const std::string& text) {
    std::fputs(text.c_str(), stream);
    std::fflush(stream);
}

/// What was counted, and what is to be said of the extensions.
void report(host::Host& host, const host::Options& options, const std::vector<host::BrokenRule>& broken) {
    const auto exits = host.exposures().all();
    const auto served = host.served();
    say(stdout, host::to_line(host.counters()) + "\n");
    if (!served.empty())
        say(stdout, host::exposure_table(served, exits));
    say(stdout, host::to_lines(broken));
    if (!options.exposures.empty())
        host::write_exposures(options.exposures, served, exits);
}

/// Ends the process without a look at what is left of it: threads of an extension still run.
[[noreturn]] void end_process(int exit_code) {
    TerminateProcess(GetCurrentProcess(), static_cast<UINT>(exit_code));
    std::abort();
}

class SetAtEnd {
  public:
    explicit SetAtEnd(HANDLE event) noexcept : event_(event) {}
    SetAtEnd(const SetAtEnd&) = delete;
    SetAtEnd& operator=(const SetAtEnd&) = delete;
    ~SetAtEnd() { SetEvent(event_); }

  private:
    HANDLE event_;
};

int run(const host::Options& options) {
    host::start_log(options.log_level);
    const host::ProcessWatch watch(options.root);
    host::Host host(options);
    say(stdout, fmt::format("listening on {}:{}\n", options.address, host.port()));
    SetConsoleCtrlHandler(&on_console_event, TRUE);
    watch_stdin();
    // Whoever ends the process waits for this, at a stop too.
    const host::UniqueHandle over(CreateEventW(nullptr, TRUE, FALSE, nullptr));
    const std::jthread reporter([&] {
        const std::array<HANDLE, 2> ends = {watch.ending(), over.get()};
        if (WaitForMultipleObjects(static_cast<DWORD>(ends.size()), ends.data(), FALSE, INFINITE) !=
            WAIT_OBJECT_0)
            return;
        spdlog::error("{} {}", watch.broken().extension, watch.broken().sentence);
        try {
            report(host, options, {watch.broken()});
        } catch (const std::exception& error) { // the exposures file
            spdlog::error("{}", error.what());
        }
        end_process(host::exit_code_of(watch.broken().rule));
    });
    const SetAtEnd reporter_ends(over.get()); // before it is waited for
    WaitForSingleObject(stop_wanted, INFINITE);
    const bool ended = host.stop();
    const auto broken = host::BrokenRules::all();
    report(host, options, broken);
    if (!ended)
        end_process(broken.empty() ? 1 : host::exit_code_of(broken.front().rule));
    return broken.empty() ? 0 : host::exit_code_of(broken.front().rule);
}

} // namespace

int wmain(int count, wchar_t** arguments) {
    // Scripts read lines, and a carriage return is no part of one.
    (void)_setmode(_fileno(stdout), _O_BINARY);
    (void)_setmode(_fileno(stderr), _O_BINARY);
    try {
        std::vector<std::string> texts;
        for (int i = 1; i < count; ++i)
            texts.push_back(host::to_utf8(std::wstring_view(arguments[i])));
        const host::CommandLine line = host::parse_command_line(std::move(texts));
        if (line.options)
            return run(*line.options);
        say(line.exit_code == 0 ? stdout : stderr, line.text);
        return line.exit_code;
    } catch (const std::exception& error) {
        say(stderr, fmt::format("isapi-host: {}\n", error.what()));
        return 2;
    }
}
