// random-scripts: loads servers that answer by scripts drawn at random, on every engine and in every mode,
// and holds what loadgen counted against what the servers did, attempt by attempt.
#include "tests/script_server/shrink.hpp"
#include "tests/script_server/trial.hpp"
#include "tests/temporary_folder.hpp"

#ifdef LOADGEN_HAS_HTTPS
#include "tests/tls_certificate.hpp"
#endif

#include <boost/program_options.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace {

using namespace loadgen;
namespace options = boost::program_options;

struct Campaign {
    std::uint64_t seed = 813531;
    std::uint64_t attempts = 200'000;
    bool help = false;
};

Campaign parse(int argc, char** argv) {
    Campaign campaign;
    options::options_description known;
    known.add_options()("help,h", options::bool_switch(&campaign.help), "show this help")(
        "seed", options::value(&campaign.seed)->value_name("N"), "draw other scripts (813531)")(
        "attempts", options::value(&campaign.attempts)->value_name("N"),
        "about so many: rounds of all kinds of load go on until then (200000)");
    options::variables_map values;
    options::store(options::parse_command_line(argc, argv, known), values);
    options::notify(values);
    if (campaign.help) {
        fmt::print(
            "usage: random-scripts [--seed N] [--attempts N]\n\n"
            "Loads servers that answer by random scripts, and holds what loadgen counted against what\n"
            "they did, attempt by attempt. Exit codes: 0 they agree, 1 they don't, 2 bad usage.\n\n");
        for (const auto& option : known.options())
            fmt::print("  --{:<9} {}\n", option->long_name(), option->description());
    }
    return campaign;
}

/// Every kind of load: engines and TLS, both modes, one connection and many, with and without a send delay,
/// closed and open loop. What else there is to choose is drawn.
std::vector<Setting> all_settings(std::mt19937_64& random) {
    const auto chance = [&](double p) { return std::bernoulli_distribution(p)(random); };
    std::vector<Setting> carriers;
    for (const Engine engine : permitted_engines())
        carriers.push_back({.engine = engine});
#ifdef LOADGEN_HAS_HTTPS
    carriers.push_back({.engine = Engine::asio, .tls = true});
#endif
    std::vector<Setting> settings;
    for (const Setting& carrier : carriers)
        for (const bool keep_alive : {false, true})
            for (const unsigned connections : {1U, 64U})
                for (const bool delayed : {false, true})
                    for (const bool open_loop : {false, true}) {
                        Setting setting = carrier;
                        setting.keep_alive = keep_alive;
                        setting.connections = connections;
                        setting.threads = connections > 1 && chance(0.5) ? 2 : 1;
                        setting.delayed = delayed;
                        setting.open_loop = open_loop;
                        setting.head_only = chance(0.1);
                        setting.odd_receptions = chance(0.5) ? 0.05 : 0;
                        settings.push_back(setting);
                    }
    return settings;
}

/// Counts, and tells of the first disagreement with the smallest scripts that show it.
class Report {
  public:
    explicit Report(TlsContext* tls) : tls_(tls) {}

    void run(const Setting& setting, const std::vector<Script>& scripts, std::uint64_t seed) {
        const Result result = run_trial(setting, scripts, scripts.size(), seed, tls_);
        const std::scoped_lock lock(mutex_);
        Line& line = lines_[fmt::format("{}{}{}", name(setting.engine), setting.tls ? ", TLS" : "",
                                        setting.keep_alive ? ", kept" : ", per request")];
        line.attempts += result.attempts;
        line.ends += result.ends;
        line.late += result.late;
        line.old += result.old;
        line.disagreements += result.disagreements.size();
        if (result.disagreements.empty())
            return;
        tell(setting, scripts, seed, result.disagreements);
    }

    std::uint64_t attempts() const { return sum(&Line::attempts); }
    std::uint64_t disagreements() const { return sum(&Line::disagreements); }

    void print() const {
        constexpr const char* row = "{:<24} {:>10} {:>14} {:>8} {:>10} {:>9}\n";
        fmt::print(row, "engine and mode", "attempts", "disagreements", "ends", "then asked", "over 1 ms");
        for (const auto& [what, line] : lines_)
            fmt::print(row, what, line.attempts, line.disagreements, line.ends, line.late, line.old);
        fmt::print(row, "all", attempts(), disagreements(), sum(&Line::ends), sum(&Line::late),
                   sum(&Line::old));
    }

  private:
    struct Line {
        std::uint64_t attempts = 0;
        std::uint64_t disagreements = 0;
        std::uint64_t ends = 0; // these three: Result's
        std::uint64_t late = 0;
        std::uint64_t old = 0;
    };

    std::uint64_t sum(std::uint64_t Line::*member) const {
        std::uint64_t total = 0;
        for (const auto& [what, line] : lines_)
            total += line.*member;
        return total;
    }

    void tell(const Setting& setting, const std::vector<Script>& scripts, std::uint64_t seed,
              const std::vector<Disagreement>& found) {
        constexpr std::size_t most_told = 5;
        constexpr std::chrono::seconds longest_search{60};
        fmt::print("DISAGREEMENT: {}; seed of the load {}\n", text(setting), seed);
        for (std::size_t i = 0; i < std::min(found.size(), most_told); ++i)
            fmt::print("  {}{}\n", found[i].what,
                       found[i].script ? fmt::format("\n    script {}: {}", *found[i].script,
                                                     text(scripts[*found[i].script]))
                                       : "");
        if (found.size() > most_told)
            fmt::print("  and {} more\n", found.size() - most_told);
        std::fflush(stdout);
        if (shrunk_)
            return;
        shrunk_ = true;
        const auto about_one =
            std::find_if(found.begin(), found.end(), [](const auto& one) { return one.script.has_value(); });
        const auto until = std::chrono::steady_clock::now() + longest_search;
        const Fails fails = [&](const std::vector<Script>& fewer) {
            return std::chrono::steady_clock::now() < until &&
                   !run_trial(setting, fewer, std::max<std::uint64_t>(200, fewer.size()), seed, tls_)
                        .disagreements.empty();
        };
        const auto few =
            smallest(scripts, about_one != found.end() ? about_one->script : std::nullopt, fails);
        fmt::print("  the smallest that still fails, {} scripts:\n", few.size());
        for (std::size_t i = 0; i < std::min(few.size(), most_told); ++i)
            fmt::print("    {}\n", text(few[i]));
        std::fflush(stdout);
    }

    TlsContext* tls_;
    std::mutex mutex_;
    std::map<std::string, Line> lines_;
    bool shrunk_ = false;
};

/// A load that is to be made.
struct Task {
    Setting setting;
    std::size_t attempts;
    Limits limits;
    std::uint64_t seed;
};

void run(const Task& task, Report& report) {
    std::mt19937_64 random(task.seed);
    std::vector<Script> scripts;
    for (std::size_t i = 0; i < task.attempts; ++i)
        scripts.push_back(draw_script(random, task.limits));
    report.run(task.setting, scripts, task.seed);
}

void run_together(const std::vector<Task>& tasks, std::size_t at_once, Report& report) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> runners;
    for (std::size_t i = 0; i < at_once; ++i)
        runners.emplace_back([&] {
            for (std::size_t task = next++; task < tasks.size(); task = next++)
                run(tasks[task], report);
        });
}

/// `most`: about so many attempts; a whole round has some 200,000.
void run_round(std::mt19937_64& random, std::uint64_t most, Report& report) {
    constexpr std::uint64_t whole = 200'000;
    const auto part_of = [&](std::uint64_t attempts) {
        return std::max<std::uint64_t>(1, attempts * std::min(most, whole) / whole);
    };
    std::vector<Task> busy;
    std::vector<Task> silent; // servers that fall silent: the load waits for its time-outs
    for (const Setting& setting : all_settings(random)) {
        Limits limits;
        if (std::bernoulli_distribution(0.4)(random))
            limits.longest_request = 1'000'000;
        const std::uint64_t attempts = setting.connections == 1 ? 1'000 : setting.tls ? 3'000 : 6'000;
        busy.push_back({setting, part_of(attempts), limits, random()});
        if (setting.connections == 1 || setting.open_loop)
            continue;
        silent.push_back({setting, part_of(200), {.longest_request = 100'000, .silent = 0.6}, random()});
        silent.back().setting.patient = false;
    }
    run_together(busy, std::max(1U, std::thread::hardware_concurrency()), report);
    run_together(silent, silent.size(), report);
}

} // namespace

int main(int argc, char** argv) {
    try {
        const Campaign campaign = parse(argc, argv);
        if (campaign.help)
            return 0;
        TlsContext* tls = nullptr;
#ifdef LOADGEN_HAS_HTTPS
        const TemporaryFolder folder;
        boost::asio::ssl::context server(boost::asio::ssl::context::tls_server);
        TlsCertificate(folder.path()).configure(server);
        tls = &server;
#endif
        fmt::print("seed {}\n", campaign.seed);
        Report report(tls);
        std::mt19937_64 random(campaign.seed);
        while (report.attempts() < campaign.attempts)
            run_round(random, campaign.attempts, report);
        report.print();
        return report.disagreements() == 0 ? 0 : 1;
    } catch (const std::exception& error) {
        fmt::print(stderr, "random-scripts: {}\n", error.what());
        return 2;
    }
}
