#include "client.hpp"
#include "error.hpp"
#include "measure.hpp"
#include "output.hpp"
#include "verdict.hpp"

#include "base/handles.hpp"
#include "base/utf8.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <io.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace {

struct Options {
    std::string json;
    std::string clients;
    unsigned patience = 300;
};

enum ExitCode { holds = 0, does_not_hold = 1, bad_usage = 2, cannot_find_out = 3 };

int complain(const std::string& sentence, ExitCode code) {
    fmt::print(stderr, "accept-probe: {}\n", sentence);
    return code;
}

void add_options(CLI::App& app, Options& options) {
    app.option_defaults()->always_capture_default();
    app.add_option("--json", options.json, "File that gets the same as JSON")->type_name("FILE");
    app.add_option("--clients", options.clients, "Where clients.py is, whose clients are then used")
        ->type_name("HOST:PORT");
    app.add_option("--patience", options.patience, "After so many milliseconds nothing has come")
        ->type_name("MS")
        ->check(CLI::Range(1U, 60'000U));
    app.footer("Exit code: 0, with a port and an event the exit of its thread cancels an AcceptEx, with its\n"
               "packet, and with a port and no event it does not; 1, a row is otherwise; 2, bad usage; 3, a\n"
               "call failed that the probe cannot do without. On Windows it needs no option. Under Wine:\n"
               "  clients.py scripts/wine.sh accept-probe.exe [--json FILE]");
}

int find_out(const Options& options) {
    const host::Winsock winsock;
    // Before the minute that it takes.
    std::ofstream json;
    if (!options.json.empty())
        json.open(std::filesystem::path(host::to_utf16(options.json)), std::ios::binary);
    if (!json)
        return complain(fmt::format("cannot write '{}'", options.json), bad_usage);
    const auto client =
        options.clients.empty() ? probe::client_inside() : probe::client_outside(options.clients);
    probe::Findings findings{probe::this_system(), !options.clients.empty(),
                             std::chrono::milliseconds(options.patience)};
    std::vector<probe::Row> rows;
    for (const auto& what : probe::all_cases())
        rows.push_back(probe::measure(what, *client, findings.patience));
    findings.rows = rows;
    findings.otherwise = probe::otherwise(rows);
    fmt::print("{}", probe::to_text(findings));
    if (!options.json.empty() && !(json << probe::to_json(findings)).flush())
        return complain(fmt::format("cannot write '{}'", options.json), bad_usage);
    return findings.otherwise ? does_not_hold : holds;
}

} // namespace

int wmain(int count, wchar_t** arguments) {
    (void)_setmode(_fileno(stdout), _O_BINARY);
    (void)_setmode(_fileno(stderr), _O_BINARY);
    Options options;
    CLI::App app("Finds out what this system does with an AcceptEx when the thread exits that has posted it.",
                 "accept-probe");
    try {
        add_options(app, options);
        std::vector<std::string> texts;
        for (int i = count; --i > 0;) // CLI11 takes a vector from its end
            texts.push_back(host::to_utf8(std::wstring_view(arguments[i])));
        app.parse(std::move(texts));
        if (!options.clients.empty() && !probe::is_address(options.clients))
            return complain(fmt::format("--clients '{}' is not of the form 127.0.0.1:8080", options.clients),
                            bad_usage);
        return find_out(options);
    } catch (const CLI::CallForHelp&) {
        fmt::print("{}", app.help());
        return holds;
    } catch (const CLI::ParseError& error) {
        return complain(fmt::format("{}; accept-probe --help lists the options", error.what()), bad_usage);
    } catch (const std::exception& error) {
        return complain(fmt::format("cannot find out: {}", error.what()), cannot_find_out);
    }
}
