#include "base/options.hpp"

#include "base/duration.hpp"
#include "base/utf8.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace host {
namespace {

std::string duration_text(std::chrono::milliseconds duration) {
    return duration.count() % 1000 == 0 ? fmt::format("{}s", duration.count() / 1000)
                                        : fmt::format("{}ms", duration.count());
}

void add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& target,
                  const std::string& help) {
    const auto parse = [name, &target](const std::string& text) {
        const auto duration = parse_duration(text);
        if (!duration || duration->count() == 0)
            throw CLI::ValidationError(name, "'" + text + "' is not a duration such as 500ms, 2s or 1m");
        target = *duration;
    };
    app.add_option_function<std::string>(name, parse, help)
        ->type_name("T")
        ->default_str(duration_text(target))
        ->run_callback_for_default(false);
}

template <class Choice>
void add_choice(CLI::App& app, const std::string& name, Choice& target,
                const std::vector<std::pair<std::string, Choice>>& choices, const std::string& help) {
    std::string names;
    std::string current;
    for (const auto& [text, value] : choices) {
        names += (names.empty() ? "" : "|") + text;
        current = value == target ? text : current;
    }
    const auto parse = [name, &target, choices, names](const std::string& text) {
        const auto found = std::ranges::find(choices, text, &std::pair<std::string, Choice>::first);
        if (found == choices.end())
            throw CLI::ValidationError(name, "'" + text + "' is not one of " + names);
        target = found->second;
    };
    app.add_option_function<std::string>(name, parse, help)->type_name(names)->default_str(current);
}

void add_numbers(CLI::App& app, Options& options) {
    app.add_option("--accept-outstanding", options.accept_outstanding,
                   "AcceptEx requests the pool keeps pending (IIS: AcceptExOutstanding)")
        ->type_name("N")
        ->check(CLI::Range(1U, 10'000U));
    app.add_option("--listen-backlog", options.listen_backlog,
                   "Connections the system queues (IIS: ListenBacklog)")
        ->type_name("N")
        ->check(CLI::Range(1, 65'535));
    app.add_option("--pool-threads", options.pool_threads,
                   "Threads of the pool, which never exit (IIS: MaxPoolThreads, 10 per processor)")
        ->type_name("N")
        ->check(CLI::Range(1U, 1'024U));
}

/// Paths as they are written.
struct Paths {
    std::string root;
    std::string victims;
    std::string exposures;
};

void add_options(CLI::App& app, Options& options, Paths& paths) {
    app.set_version_flag("--version", fmt::format("isapi-host {}", version));
    app.option_defaults()->always_capture_default();
    app.add_option("--root", paths.root, "Folder with the extension DLLs")->type_name("DIR")->required();
    app.add_option("--address", options.address, "IPv4 address to listen on")->type_name("ADDRESS");
    app.add_option("--port", options.port, "TCP port; 0 picks a free one")->type_name("PORT");
    app.add_option("--prefix", options.prefix, "URL path the DLLs are under: PREFIX/NAME.dll")
        ->type_name("PATH");
    app.add_option("--map", options.maps,
                   "Paths that end in .ext go to an extension too (IIS: ScriptMaps); repeatable")
        ->type_name(".ext=NAME.dll")
        ->expected(1)
        ->take_all();
    add_numbers(app, options);
    add_duration(
        app, "--accept-timeout", options.accept_timeout,
        "Close a connection that sends nothing for so long, in whole seconds (IIS: AcceptExTimeout)");
    add_duration(app, "--connection-timeout", options.connection_timeout,
                 "Close a kept connection that is idle, or a request that stalls, for so long");
    add_duration(app, "--stop-timeout", options.stop_timeout,
                 "How long a stop waits for requests that an extension does not complete");
    add_choice<ThreadExit>(app, "--thread-exit", options.thread_exit,
                           {{"cancels", ThreadExit::cancels}, {"keeps", ThreadExit::keeps}},
                           "What a thread's exit does to the AcceptEx it posted");
    add_choice<KeepAliveRead>(app, "--keep-alive-read", options.keep_alive_read,
                              {{"pool", KeepAliveRead::pool}, {"caller", KeepAliveRead::caller}},
                              "Who posts the next read of a kept connection");
    add_choice<VictimClose>(
        app, "--victim-close", options.victim_close,
        {{"reset", VictimClose::reset}, {"plain", VictimClose::plain}, {"leave", VictimClose::leave}},
        "How a victim's socket is closed: RST, FIN, or not before the host ends");
    app.add_option("--victims", paths.victims, "CSV file: a row per established connection that was reset")
        ->type_name("FILE");
    app.add_option(
           "--exposures", paths.exposures,
           "CSV file, written at the end: a row per extension and thread start that lost AcceptEx requests")
        ->type_name("FILE");
    app.add_option("--log-level", options.log_level, "What to write to stderr")
        ->type_name("LEVEL")
        ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}));
}

CommandLine mistake(const std::string& sentence) {
    return {std::nullopt, 2, "isapi-host: " + sentence};
}

/// What the parser cannot know: the folder exists, and the prefix is one.
CommandLine checked(Options options, const Paths& paths) {
    options.root = to_utf16(paths.root);
    options.victims = to_utf16(paths.victims);
    options.exposures = to_utf16(paths.exposures);
    std::error_code ignored;
    if (!std::filesystem::is_directory(options.root, ignored))
        return mistake(
            fmt::format("--root {} is not a folder; give the one that holds the DLLs\n", paths.root));
    options.root = std::filesystem::absolute(options.root, ignored);
    while (options.prefix.ends_with('/'))
        options.prefix.pop_back();
    if (!options.prefix.empty() && !options.prefix.starts_with('/'))
        return mistake(fmt::format("--prefix {} must start with a slash, such as /repro\n", options.prefix));
    return {std::move(options), 0, {}};
}

} // namespace

CommandLine parse_command_line(std::vector<std::string> arguments) {
    Options options;
    Paths paths;
    CLI::App app(
        "Loads ISAPI extensions and manages sockets and threads the way the IIS 4/5 Asynchronous Thread "
        "Queue does.",
        "isapi-host");
    add_options(app, options, paths);
    try {
        std::ranges::reverse(arguments); // CLI11 takes a vector from its end
        app.parse(std::move(arguments));
    } catch (const CLI::CallForHelp&) {
        return {std::nullopt, 0, app.help()};
    } catch (const CLI::CallForVersion&) {
        return {std::nullopt, 0, app.version() + "\n"};
    } catch (const CLI::ParseError& error) {
        return mistake(fmt::format("{}; isapi-host --help lists the options\n", error.what()));
    }
    return checked(std::move(options), paths);
}

} // namespace host
