// What the tests of the host need: a client, a host to talk to, files that go away.
#pragma once

#include "base/handles.hpp"
#include "base/options.hpp"
#include "host.hpp"

#include <spdlog/logger.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace test {

struct Answer {
    int status = 0;
    std::string head;
    std::string body;
};

/// A plain blocking HTTP client. Waits for 20 s at most; then, and for anything but HTTP, throws.
class Client {
  public:
    explicit Client(std::uint16_t port);

    void send(std::string_view bytes);
    /// Closes the sending side.
    void end_sending();
    /// One answer, by its Content-Length (none for `head_only`).
    Answer read_answer(bool head_only = false);
    /// One answer whose end is the connection's.
    Answer read_to_the_end();
    /// Waits for the server's close or reset; false if bytes come instead.
    [[nodiscard]] bool closed_by_server();
    std::uint16_t local_port() const;

  private:
    [[nodiscard]] std::size_t receive(); // more into buffer_; 0 at the end

    host::Winsock winsock_;
    host::UniqueSocket socket_;
    std::string buffer_;
};

/// The host's log as text, from here to the object's end. The log is the process's.
class CapturedLog {
  public:
    CapturedLog();
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;
    ~CapturedLog();

    std::string text() const;
    /// Waits for it.
    [[nodiscard]] bool has(std::string_view part) const;

  private:
    class Sink;
    std::shared_ptr<Sink> sink_;
    std::shared_ptr<spdlog::logger> before_;
};

/// GET of PREFIX/`target`. `headers`: whole lines.
std::string get(std::string_view target, std::string_view headers = "");

/// A whole exchange on a connection of its own, with Connection: close.
Answer fetch(std::uint16_t port, std::string_view target);

/// Until it is true: 20 s at most, then false.
[[nodiscard]] bool wait_until(const std::function<bool()>& condition);

/// A host for this test: a port that the system picks, and the extensions beside the test program.
host::Options test_options();

/// An empty file name in the temporary folder; the file is removed at the end.
class TemporaryFile {
  public:
    TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile();
    const std::filesystem::path& path() const noexcept { return path_; }
    std::vector<std::string> lines() const;

  private:
    std::filesystem::path path_;
};

/// The folder of the test program.
std::filesystem::path program_folder();

} // namespace test
