// isapi-host itself, as a process with pipes.
#pragma once

#include "base/handles.hpp"

#include <cstdint>
#include <string>

namespace test {

/// Ends with the object, if it has not before.
class Program {
  public:
    /// The program is what the environment's ISAPI_HOST names.
    explicit Program(const std::string& arguments);
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program();

    void close_stdin() { input_.write.reset(); }
    std::string stdout_line() { return line(output_.read.get()); }
    std::string stderr_line() { return line(error_.read.get()); }
    /// Reads "listening on", and says where.
    std::uint16_t port();
    /// All that follows, to the program's end.
    std::string rest_of_stdout();
    /// Waits for the end, 20 s at most.
    DWORD exit_code();

  private:
    struct Pipe {
        host::UniqueHandle read;
        host::UniqueHandle write;
        Pipe();
    };
    static std::string line(HANDLE pipe);

    Pipe input_;
    Pipe output_;
    Pipe error_;
    host::UniqueHandle process_;
};

/// "--root FOLDER ": the folder of the test's DLLs.
std::string root();

} // namespace test
