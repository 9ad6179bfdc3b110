#include "program.hpp"

#include "base/utf8.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace test {

Program::Pipe::Pipe() {
    SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    HANDLE ends[2];
    REQUIRE(CreatePipe(&ends[0], &ends[1], &inherited, 0));
    read.reset(ends[0]);
    write.reset(ends[1]);
}

Program::Program(const std::string& arguments) {
    const char* path = std::getenv("ISAPI_HOST");
    REQUIRE(path != nullptr);
    SetHandleInformation(input_.write.get(), HANDLE_FLAG_INHERIT, 0);
    STARTUPINFOW startup{};
    startup.cb = sizeof(startup);
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = input_.read.get();
    startup.hStdOutput = output_.write.get();
    startup.hStdError = error_.write.get();
    std::wstring line = host::to_utf16(fmt::format("\"{}\" {}", path, arguments));
    PROCESS_INFORMATION process{};
    const BOOL started =
        CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &process);
    CAPTURE(GetLastError());
    REQUIRE(started);
    process_.reset(process.hProcess);
    CloseHandle(process.hThread);
    output_.write.reset();
    error_.write.reset();
}

Program::~Program() {
    TerminateProcess(process_.get(), 99);
}

std::uint16_t Program::port() {
    const std::string first = stdout_line();
    REQUIRE(first.starts_with("listening on 127.0.0.1:"));
    return static_cast<std::uint16_t>(std::stoul(first.substr(first.find(':') + 1)));
}

std::string Program::rest_of_stdout() {
    std::string text;
    std::array<char, 4096> bytes;
    DWORD count = 0;
    while (ReadFile(output_.read.get(), bytes.data(), static_cast<DWORD>(bytes.size()), &count, nullptr) &&
           count > 0)
        text.append(bytes.data(), count);
    return text;
}

DWORD Program::exit_code() {
    REQUIRE(WaitForSingleObject(process_.get(), 20'000) == WAIT_OBJECT_0);
    DWORD code = 0;
    GetExitCodeProcess(process_.get(), &code);
    return code;
}

std::string Program::line(HANDLE pipe) {
    std::string text;
    DWORD count = 0;
    for (char letter = 0; ReadFile(pipe, &letter, 1, &count, nullptr) && count == 1 && letter != '\n';)
        text += letter;
    return text;
}

std::string root() {
    return fmt::format("--root \"{}\" ", host::to_utf8(program_folder()));
}

} // namespace test
