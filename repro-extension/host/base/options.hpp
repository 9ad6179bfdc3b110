// What isapi-host can be told, and the defaults of IIS 4/5 (Q301310, Q143180).
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace host {

inline constexpr const char* version = "0.1.0";

/// What happens to an AcceptEx whose thread exits.
enum class ThreadExit {
    cancels, ///< the system cancels it, as NT 4.0 and Windows 2000 do by their documents
    keeps,   ///< it goes on: the negative control
};

/// Who posts the next read of a kept connection after HSE_REQ_DONE_WITH_SESSION.
enum class KeepAliveRead {
    /// A pool thread: the connection is maintained, as KB 813531 says.
    pool,
    /// The thread that called: the read dies with it, as the SDK sample KeepAliveWithThreads warns.
    caller,
};

/// How the socket of a victim is closed after the cancel.
enum class VictimClose {
    reset, ///< with RST: KB 813531 calls the connection reset
    plain, ///< with FIN, unless bytes are unread
    leave, ///< not before the host ends
};

struct Options {
    std::filesystem::path root;
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080; ///< 0: the system chooses
    std::string prefix = "/repro";
    std::vector<std::string> maps;    ///< ".ext=NAME.dll": ScriptMaps
    unsigned accept_outstanding = 40; ///< AcceptExOutstanding
    int listen_backlog = 25;          ///< ListenBacklog
    /// MaxPoolThreads
    unsigned pool_threads = 10 * std::max(1U, std::thread::hardware_concurrency());
    std::chrono::milliseconds accept_timeout = std::chrono::seconds(120);     ///< AcceptExTimeout
    std::chrono::milliseconds connection_timeout = std::chrono::seconds(900); ///< ConnectionTimeout
    /// How long a stop waits for requests and for TerminateExtension.
    std::chrono::milliseconds stop_timeout = std::chrono::seconds(60);
    /// When a call that holds a thread of the pool is named: no call that ends soon lasts so long.
    std::chrono::seconds long_call = std::chrono::seconds(10);
    ThreadExit thread_exit = ThreadExit::cancels;
    KeepAliveRead keep_alive_read = KeepAliveRead::pool;
    VictimClose victim_close = VictimClose::reset;
    std::filesystem::path victims;   ///< empty: victims are logged only
    std::filesystem::path exposures; ///< empty: the table goes to stdout only
    std::string log_level = "info";
};

/// What the command line asked for: to run with `options`, or else to print `text` and exit with
/// `exit_code`.
struct CommandLine {
    std::optional<Options> options;
    int exit_code = 0;
    std::string text;
};

/// `arguments`: UTF-8, without the program's name. A mistake gives exit code 2 and one sentence.
CommandLine parse_command_line(std::vector<std::string> arguments);

} // namespace host
