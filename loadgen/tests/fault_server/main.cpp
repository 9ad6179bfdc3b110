// fault-server: the fault-injecting server as a program of its own, for load generators of any make.
#include "tests/fault_server/fault_server.hpp"

#include <boost/program_options.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace loadgen;
namespace options = boost::program_options;

void print_help() {
    fmt::print(
        "usage: fault-server [--every N] [--until N] [--address A] [--port N] FAULT...\n\n"
        "Serves HTTP, on 127.0.0.1 unless told otherwise, and fails every N-th request (10), each fault in "
        "its turn. Faults of the\n"
        "accept befall every N-th connection, those of the handshake every one. --until N: none after the\n"
        "first N requests or connections. The first line on stdout says where it listens. It ends on Ctrl-C\n"
        "or when its stdin closes, and then says how many of each it injected, on new connections and on\n"
        "those that had carried a request before.\n\n"
        "  {:<26} {}\n",
        "FAULT", "what loadgen must count it as (on a reused connection, reuse stands for await)");
    for (const Fault& fault : all_faults()) {
        const auto cell = [](const Outcome& outcome) {
            return fmt::format("{} in {}", name(outcome.cause), name(outcome.phase));
        };
        fmt::print("  {:<26} {}{}{}\n", fault.name,
                   fault.harmless ? "no failure, but an idle close" : cell(fault.cell),
                   fault.or_else ? fmt::format(", or {}", cell(*fault.or_else)) : "",
                   fault.demand.keep_alive ? "; with --keep-alive and --send-delay"
                   : fault.demand.pause    ? "; with --send-delay"
                                           : "");
    }
}

// SIGINT, SIGTERM, or the end of stdin. To be called before there are other threads, which inherit the mask.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

void wait_for_end(const sigset_t& signals) {
    std::thread([] {
        std::array<char, 256> ignored{};
        while (read(STDIN_FILENO, ignored.data(), ignored.size()) > 0) {
        }
        kill(getpid(), SIGTERM);
    }).detach();
    int signal = 0;
    sigwait(&signals, &signal);
}

int run(int argc, char** argv) {
    std::uint64_t every = 10;
    std::uint64_t until = FaultSchedule::for_ever;
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::vector<std::string> names;
    options::options_description known;
    known.add_options()("help,h", "")("every", options::value(&every))("until", options::value(&until))(
        "address", options::value(&address))("port", options::value(&port))("fault", options::value(&names));
    options::positional_options_description positional;
    positional.add("fault", -1);
    options::variables_map given;
    options::store(options::command_line_parser(argc, argv).options(known).positional(positional).run(),
                   given);
    options::notify(given);
    if (given.contains("help")) {
        print_help();
        return 0;
    }
    if (every == 0)
        throw std::invalid_argument("--every must be at least 1");

    std::vector<const Fault*> faults;
    for (const std::string& name : names) {
        faults.push_back(fault_named(name));
        if (!faults.back())
            throw std::invalid_argument(fmt::format("there is no fault '{}' (see --help)", name));
    }
    const sigset_t signals = block_signals();
    const FaultServer server(faults, every, until, {boost::asio::ip::make_address(address), port});
    fmt::print("listening on {}:{}\n", address, server.endpoint().port());
    std::fflush(stdout);
    wait_for_end(signals);
    fmt::print("fault,fresh,reused\n");
    for (const Fault* fault : faults)
        fmt::print("{},{},{}\n", fault->name, server.injected(*fault).fresh.load(),
                   server.injected(*fault).reused.load());
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "fault-server: {}\n", error.what());
        return 2;
    }
}
