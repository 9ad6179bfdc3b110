// loadgen reconcile: the clients' resets against the host's victims, one by one.
#include "commands/commands.hpp"
#include "report/numbers.hpp"
#include "storage/rows/event_row.hpp"
#include "storage/rows/victim_row.hpp"
#include "verdict/reconciliation.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <optional>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_shown = 10;

struct ReconcileOptions {
    std::string events;
    std::string victims;
    std::chrono::nanoseconds tolerance = 5s;
};

CommandLine command_line(ReconcileOptions& result) {
    CommandLine line(
        "reconcile --events EVENTS_CSV --victims VICTIMS_CSV",
        "Matches each reset that loadgen saw (events.csv) with one victim that isapi-host had (victims.csv), "
        "by the client's address, port and time.",
        {{"Exit codes", "0 every reset is a victim and every victim a reset, 1 some are not, 2 bad usage or "
                        "input. Of victims without an address only the number is compared, and it says so."},
         {"Examples",
          "  loadgen reconcile --events results/run/events.csv --victims results/run/victims.csv"}});
    // clang-format off
    line.group("Options").add_options()
        ("events", options::value(&result.events)->value_name("FILE"), "events.csv of run or regress")
        ("victims", options::value(&result.victims)->value_name("FILE"), "what isapi-host --victims wrote")
        ("tolerance", duration_value("tolerance", 0s, [&](auto t) { result.tolerance = t; }),
            "how far apart the two ends may have noticed the same reset (5s)");
    // clang-format on
    return line;
}

std::optional<ReconcileOptions> parse(Arguments arguments) {
    ReconcileOptions result;
    CommandLine line = command_line(result);
    std::vector<std::string> none;
    if (!line.parse(arguments, none, 0))
        return std::nullopt;
    if (result.events.empty() || result.victims.empty())
        throw UsageError("--events and --victims are both needed (see --help)");
    return result;
}

std::vector<Sighting> read_resets(const std::string& path) {
    RowReader<EventRow> file(path, {"time_us", "local_address", "local_port", "cause"});
    std::vector<Sighting> resets;
    while (const auto row = file.next()) {
        const Event& event = row->event;
        if (is_reset(event.outcome.cause))
            resets.push_back({.address = event.local_address,
                              .port = event.local_port,
                              .time = std::chrono::duration_cast<std::chrono::microseconds>(
                                  event.time.time_since_epoch())});
    }
    return resets;
}

struct Victims {
    std::vector<Sighting> sightings;
    std::size_t without_address = 0; ///< the host could not ask who they were
    std::map<std::string, std::uint64_t>
        by_thread_start; // of the threads whose exit took the connections away
};

RowReader<VictimRow> open_victims(const std::string& path) {
    std::string header;
    std::ifstream file(path);
    std::getline(file, header);
    if (header.find(",operation") == std::string::npos)
        return RowReader<VictimRow>(path, {"time_us", "client_address", "client_port", "thread_start"});
    return RowReader<VictimRow>(path);
}

Victims read_victims(const std::string& path) {
    RowReader<VictimRow> file = open_victims(path);
    Victims victims;
    while (auto row = file.next()) {
        if (row->client_address.empty())
            ++victims.without_address;
        else
            victims.sightings.push_back({.address = std::move(row->client_address),
                                         .port = row->client_port,
                                         .time = row->time,
                                         .at_rest = row->operation == "read"});
        ++victims.by_thread_start[row->thread_start];
    }
    return victims;
}

void print_left_over(std::string_view what, const std::vector<Sighting>& sightings) {
    for (std::size_t i = 0; i < std::min(most_shown, sightings.size()); ++i)
        fmt::print("{}: {}:{} at {} us\n", what, sightings[i].address, sightings[i].port,
                   sightings[i].time.count());
    if (sightings.size() > most_shown)
        fmt::print("{}: and {} more\n", what, grouped(sightings.size() - most_shown));
}

} // namespace

CommandHelp reconcile_help() {
    ReconcileOptions values;
    return command_line(values).help();
}

ExitCode reconcile_command(Arguments arguments) {
    const auto parsed = parse(arguments);
    if (!parsed)
        return ExitCode::success;
    const auto resets = read_resets(parsed->events);
    const auto victims = read_victims(parsed->victims);
    const auto tolerance = std::chrono::duration_cast<std::chrono::microseconds>(parsed->tolerance);
    const Reconciliation result = reconcile(resets, victims.sightings, tolerance);

    fmt::print("{} resets seen by clients, {} victims in the host, {} matched by port and time",
               grouped(resets.size()), grouped(victims.sightings.size() + victims.without_address),
               grouped(result.matched));
    if (result.matched > 0)
        fmt::print(" (at most {} apart)", brief(result.largest_gap));
    fmt::print("\n");
    for (const auto& [start, count] : victims.by_thread_start)
        fmt::print("{} caused by the exit of threads that began at {}\n", grouped(count), start);
    if (victims.without_address > 0)
        fmt::print("{} without an address, against {} left over: compared by number\n",
                   plural(victims.without_address, "victim"), plural(result.only_client.size(), "reset"));
    if (result.unseen > 0)
        fmt::print("{} of kept connections at rest that no client saw: they had closed them by then\n",
                   plural(result.unseen, "victim"));
    const bool numbers_agree = result.only_client.size() == victims.without_address;
    if (!numbers_agree)
        print_left_over("only the client saw", result.only_client);
    print_left_over("only the host saw", result.only_host);
    return numbers_agree && result.only_host.empty() ? ExitCode::success : ExitCode::gate_failed;
}

} // namespace loadgen
