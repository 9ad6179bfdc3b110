// The program itself: its streams, its exit codes, its stop.
#include "base/utf8.hpp"
#include "events.hpp"
#include "test_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace {

struct Pipe {
    host::UniqueHandle read;
    host::UniqueHandle write;

    Pipe() {
        SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
        HANDLE ends[2];
        REQUIRE(CreatePipe(&ends[0], &ends[1], &inherited, 0));
        read.reset(ends[0]);
        write.reset(ends[1]);
    }
};

class Program {
  public:
    explicit Program(const std::string& arguments) {
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
        REQUIRE(CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup,
                               &process));
        process_.reset(process.hProcess);
        CloseHandle(process.hThread);
        output_.write.reset();
        error_.write.reset();
    }
    ~Program() { TerminateProcess(process_.get(), 99); }

    void close_stdin() { input_.write.reset(); }
    std::string stdout_line() { return line(output_.read.get()); }
    std::string stderr_line() { return line(error_.read.get()); }
    DWORD exit_code() {
        REQUIRE(WaitForSingleObject(process_.get(), 20'000) == WAIT_OBJECT_0);
        DWORD code = 0;
        GetExitCodeProcess(process_.get(), &code);
        return code;
    }

  private:
    static std::string line(HANDLE pipe) {
        std::string text;
        DWORD count = 0;
        for (char letter = 0; ReadFile(pipe, &letter, 1, &count, nullptr) && count == 1 && letter != '\n';)
            text += letter;
        return text;
    }

    Pipe input_;
    Pipe output_;
    Pipe error_;
    host::UniqueHandle process_;
};

std::string root() {
    return fmt::format("--root \"{}\" ", host::to_utf8(test::program_folder()));
}

} // namespace

TEST_CASE("it says where it listens, serves, and stops when its stdin closes") {
    Program program(root() + "--port 0");
    const std::string first = program.stdout_line();
    REQUIRE(first.starts_with("listening on 127.0.0.1:"));
    const auto port = static_cast<std::uint16_t>(std::stoul(first.substr(first.find(':') + 1)));
    CHECK(test::fetch(port, "probe.dll").status == 200);

    Program second(fmt::format("{} --port {}", root(), port));
    CHECK(second.stderr_line().find(fmt::format("port {} of 127.0.0.1 is in use", port)) !=
          std::string::npos);
    CHECK(second.exit_code() == 2);

    program.close_stdin();
    CHECK(program.stdout_line().starts_with("accepted=1 requests=1 answers=1 "));
    CHECK(program.exit_code() == 0);
}

TEST_CASE("what cannot work is said in a sentence, exit code 2") {
    const auto check = [](const std::string& arguments, const std::string& named) {
        CAPTURE(arguments);
        Program program(arguments);
        CHECK(program.stderr_line().find(named) != std::string::npos);
        CHECK(program.exit_code() == 2);
    };
    check("--root no-such-folder", "no-such-folder");
    check(root() + "--port 0 --victims no-such-folder/v.csv", "no-such-folder");
    check(root() + "--port 0 --address 300.1.2.3", "300.1.2.3");
    check(root() + "--accept-timeout soon", "soon");
}

TEST_CASE("--version and --help go to stdout") {
    Program version("--version");
    CHECK(version.stdout_line() == std::string("isapi-host ") + host::version);
    CHECK(version.exit_code() == 0);
    Program help("--help");
    CHECK_FALSE(help.stdout_line().empty());
    CHECK(help.exit_code() == 0);
}
