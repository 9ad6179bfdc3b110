// Windows: Ctrl-C as a console sends it, to the program itself.
#include "tests/fault_server/fault_server.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <windows.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

// A console of its own: whatever else runs in the one the tests were started from is not to be interrupted.
class OwnConsole {
  public:
    OwnConsole() {
        FreeConsole();
        REQUIRE(AllocConsole() != 0);
        SetConsoleCtrlHandler(&swallow, TRUE);
    }
    ~OwnConsole() {
        SetConsoleCtrlHandler(&swallow, FALSE);
        FreeConsole();
    }
    OwnConsole(const OwnConsole&) = delete;
    OwnConsole& operator=(const OwnConsole&) = delete;

  private:
    static BOOL WINAPI swallow(DWORD) { return TRUE; }
};

class Program {
  public:
    explicit Program(std::string line) {
        SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
        HANDLE nul = CreateFileA("NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                 &inherited, OPEN_EXISTING, 0, nullptr);
        STARTUPINFOEXA startup{};
        startup.StartupInfo.cb = sizeof startup;
        startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
        startup.StartupInfo.hStdInput = startup.StartupInfo.hStdOutput = startup.StartupInfo.hStdError = nul;
        // It inherits that handle alone: with the server's sockets, a close here would send no FIN.
        SIZE_T size = 0;
        InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        std::vector<std::byte> space(size);
        startup.lpAttributeList = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(space.data());
        REQUIRE(InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size) != 0);
        REQUIRE(UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &nul,
                                          sizeof nul, nullptr, nullptr) != 0);
        const BOOL started =
            CreateProcessA(nullptr, line.data(), nullptr, nullptr, TRUE, EXTENDED_STARTUPINFO_PRESENT,
                           nullptr, nullptr, &startup.StartupInfo, &process_);
        DeleteProcThreadAttributeList(startup.lpAttributeList);
        CloseHandle(nul);
        REQUIRE(started != 0);
    }
    ~Program() {
        TerminateProcess(process_.hProcess, 99);
        CloseHandle(process_.hThread);
        CloseHandle(process_.hProcess);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    bool ends_within(std::chrono::milliseconds time) const {
        return WaitForSingleObject(process_.hProcess, static_cast<DWORD>(time.count())) == WAIT_OBJECT_0;
    }
    DWORD exit_code() const {
        DWORD code = 0;
        GetExitCodeProcess(process_.hProcess, &code);
        return code;
    }

  private:
    PROCESS_INFORMATION process_{};
};

void press_ctrl_c() {
    REQUIRE(GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) != 0);
}

std::string command_line(const FaultServer& server) {
    const char* const path = std::getenv("LOADGEN");
    REQUIRE(path != nullptr);
    return fmt::format("\"{}\" run -d 10m --timeout 10m -c 4 --quiet {}", path, server.url());
}

// It catches interrupts before it loads.
void wait_for_load(const FaultServer& server, const Program& program) {
    while (server.injected() == 0)
        REQUIRE(!program.ends_within(10ms));
}

} // namespace

TEST_CASE("Ctrl-C lets the attempts in flight finish, and is exit code 130") {
    const OwnConsole console;
    const FaultServer server({fault_named("close-after-request")}, 2);
    const Program program(command_line(server));
    wait_for_load(server, program);
    press_ctrl_c();
    REQUIRE(program.ends_within(20s));
    CHECK(program.exit_code() == 130);
}

TEST_CASE("a second Ctrl-C gives them up") {
    const OwnConsole console;
    const FaultServer server({fault_named("silence-after-request")}, 1);
    const Program program(command_line(server));
    wait_for_load(server, program);
    press_ctrl_c();
    CHECK(!program.ends_within(1s)); // they are waited for
    press_ctrl_c();
    REQUIRE(program.ends_within(20s));
    CHECK(program.exit_code() == 130);
}

} // namespace loadgen
