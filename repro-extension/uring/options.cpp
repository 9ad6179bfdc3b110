#include "options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace uring {
namespace {

constexpr const char* about =
    R"(A small HTTP server on io_uring that has the trap of KB 813531 on Linux: a request to io_uring
belongs to the thread that submits it. Once that thread has exited, the request ends with ECANCELED
as soon as what it waits for comes.

It keeps accepts submitted, each linked with the first read of the connection, as an AcceptEx with
a buffer is. Whoever has answered a request closes that connection, and submits accept and read for
the next one:
  /thread-per-request  in a new thread, which then exits: the fault
  /thread-pool         in a thread that stays: the fix
If a client waits to be accepted just then, it is: the connection is established, and its read
belongs to a thread that exits. When the client's request comes, the read is cancelled. The server
closes the connection, and the kernel does that by a reset, because the request is unread.

The first line is 'listening on ADDRESS:PORT'. Ctrl-C, SIGTERM or the end of stdin (a pipe) stops
it, and it prints its counters.)";

constexpr const char* codes =
    R"(Counters: accepted, requests, answers; victims, connections that were reset for a cancelled read;
harmless_cancels, of accepts, whose clients wait on and are accepted by another; left, clients that
closed without a request; errors.

Exit codes: 0; 2 bad usage, or it cannot listen or write; 5 io_uring is forbidden or missing here;
6 (--probe) this kernel does not cancel the requests of a thread that has exited.

Example, by hand what scripts/uring.sh does:
  uring-server --port 8080 --victims victims.csv
  loadgen regress --faulty thread-per-request=/thread-per-request --fixed thread-pool=/thread-pool \
      --requests 500 --send-delay 50ms --output results http://127.0.0.1:8080
  loadgen reconcile --events results/events.csv --victims victims.csv
)";

void add_submitter(CLI::App& app, Submitter& submitter) {
    const auto read = [&submitter](const std::string& who) {
        if (who != "thread" && who != "kernel")
            throw CLI::ValidationError("--submitter", "'" + who + "' is neither thread nor kernel");
        submitter = who == "kernel" ? Submitter::kernel : Submitter::thread;
    };
    app.add_option_function<std::string>("--submitter", read,
                                         "To whom requests belong: the thread that submits them or, as a\n"
                                         "negative control, a thread of the kernel's that stays\n"
                                         "(IORING_SETUP_SQPOLL); then nothing is cancelled")
        ->type_name("thread|kernel")
        ->default_str("thread");
}

void add_options(CLI::App& app, Options& options) {
    app.option_defaults()->always_capture_default();
    app.add_option("--address", options.address, "IPv4 address to listen on")->type_name("ADDRESS");
    app.add_option("--port", options.port, "TCP port; 0 picks a free one")->type_name("PORT");
    app.add_option("--outstanding", options.outstanding,
                   "Accepts, each with a first read, that it keeps submitted\n(IIS: AcceptExOutstanding)")
        ->type_name("N")
        ->check(CLI::Range(1U, 1'000U));
    app.add_option("--listen-backlog", options.listen_backlog, "Connections that the system queues")
        ->type_name("N")
        ->check(CLI::Range(1, 65'535));
    app.add_option("--pool-threads", options.pool_threads, "Threads of /thread-pool")
        ->type_name("N")
        ->check(CLI::Range(1U, 64U));
    add_submitter(app, options.submitter);
    app.add_option("--victims", options.victims, "CSV file: a row for each connection that was reset")
        ->type_name("FILE");
    app.add_flag("--probe", options.probe,
                 "No server: says what this kernel does with the\nrequests of a thread that exits");
    app.footer(codes);
}

} // namespace

CommandLine parse_command_line(int count, const char* const* arguments) {
    Options options;
    CLI::App app(about, "uring-server");
    add_options(app, options);
    try {
        app.parse(count, arguments);
    } catch (const CLI::CallForHelp&) {
        return {std::nullopt, 0, app.help()};
    } catch (const CLI::ParseError& error) {
        return {std::nullopt, 2,
                fmt::format("uring-server: {}; uring-server --help lists the options\n", error.what())};
    }
    return {options, 0, {}};
}

} // namespace uring
