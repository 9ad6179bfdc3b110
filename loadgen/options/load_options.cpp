#include "options/load_options.hpp"

#include "client/engine/source_address.hpp"
#include "measure/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <thread>

namespace loadgen {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t most_connections = 1'000'000;
constexpr std::uint64_t most_threads = 1024;

bool is_token(std::string_view text) {
    constexpr std::string_view separators = "()<>@,;:\\\"/[]?={} \t";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return c > ' ' && c < 127 && separators.find(c) == std::string_view::npos;
    });
}

Header parse_header(const std::string& line) {
    const auto colon = line.find(':');
    const std::string name = line.substr(0, colon);
    const bool has_controls = std::any_of(
        line.begin(), line.end(), [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 127; });
    if (colon == std::string::npos || !is_token(name) || has_controls)
        throw UsageError(fmt::format("--header '{}' is not of the form 'Name: value'", shown_header(line)));
    const auto value = line.find_first_not_of(" \t", colon + 1);
    return {name, value == std::string::npos ? std::string{} : line.substr(value)};
}

// "auto|io_uring|epoll|asio"
std::string engine_names() {
    std::string names = "auto";
    for (const Engine engine : known_engines())
        names += fmt::format("|{}", name(engine));
    return names;
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file)
        throw UsageError(fmt::format("cannot read the body file '{}'", path));
    return text;
}

} // namespace

// clang-format off
void LoadOptions::add_load(options::options_description& group) {
    plan.threads = std::max(1U, std::thread::hardware_concurrency());
    group.add_options()
        ("connections,c", count_value("connections", 1, most_connections,
            [this](auto n) { plan.connections = static_cast<unsigned>(n); }), "connections open at once (64)")
        ("threads,t", count_value("threads", 1, most_threads,
            [this](auto n) { plan.threads = static_cast<unsigned>(n); }), "threads (all cores)")
        ("rate,r", positive_value("rate", "R", [this](double rate) { plan.rate = rate; }),
            "open loop: start R attempts a second, whether or not earlier ones have ended, --connections of them in "
            "flight at most; latency counts from the intended start")
        ("arrivals", options::value(&arrivals_)->value_name("constant|poisson"),
            "how --rate spreads the starts: evenly, or independently of each other (constant)")
        ("send-delay", delay_value("send-delay", [this](Delay d) { plan.send_delay = d; }),
            "wait between established and first byte, on a kept connection before each further request: "
            "20ms, uniform:0ms..40ms or exp:20ms (none)")
        ("ramp", duration_value("ramp", 0ns, [this](auto t) { plan.ramp = t; has_ramp_ = true; }),
            "closed loop: connections begin spread over so long, since all at once they overflow the server's "
            "backlog and wait a second for the next SYN (the send delay)")
        ("seed", count_value("seed", 0, std::numeric_limits<std::uint64_t>::max(),
            [this](auto n) { plan.seed = n; }), "of random delays and arrivals (1)");
}

void LoadOptions::add_request(options::options_description& group) {
    group.add_options()
        ("method,m", options::value(&plan.method)->value_name("M"), "request method (GET)")
        ("header,H", options::value(&header_lines_)->composing()->value_name("'K: V'"),
            "add a request header, or replace one of ours; repeatable. Files and messages have no values but "
            "those of harmless headers")
        ("body", options::value(&plan.body)->value_name("TEXT"), "request body")
        ("body-file", options::value(&body_file_)->value_name("FILE"), "request body from a file");
}

void LoadOptions::add_connection(options::options_description& group) {
    group.add_options()
        ("keep-alive,k", options::bool_switch(&plan.keep_alive),
            "reuse connections; without it one connection per request, Connection: close")
        ("engine", options::value(&engine_)->value_name(engine_names()),
            "how sockets are driven; auto: the first of the others that the system permits, and for https asio (auto)")
        ("resolve-every", duration_value("resolve-every", 100ms, [this](auto t) { plan.resolve_every = t; }),
            "look the host's name up again so often: new connections go to the addresses that it has then, kept ones "
            "stay; a look-up that fails changes nothing, and is said (once, before the load)")
        ("source-address", options::value(&source_addresses_)->value_name("A[,B-C]"),
            "connect from these addresses of this machine in turn, each an address or a range: some 28,000 ports more "
            "for each (the system's choice)")
        ("insecure", options::bool_switch(&insecure_), "https: don't verify the server's certificate")
        ("cacert", options::value(&plan.tls.ca_file)->value_name("FILE"),
            "https: trust the authorities in this PEM file, too")
        ("cert", options::value(&plan.tls.certificate_file)->value_name("FILE"),
            "https: the client certificate in this PEM file, for servers that ask for one")
        ("key", options::value(&plan.tls.key_file)->value_name("FILE"),
            "https: the private key of that certificate, in PEM and not encrypted (the certificate's file)");
}

void LoadOptions::add_measurement(options::options_description& group) {
    plan.timeout = 5s;
    group.add_options()
        ("warm-up", duration_value("warm-up", 0ns, [this](auto t) { plan.warm_up = t; }),
            "load for so long before measuring: attempts that start then are in no figure (0s)")
        ("timeout", duration_value("timeout", 1ms, [this](auto t) { plan.timeout = t; }),
            "an attempt that takes longer, its send delay aside, has failed (5s)");
}

void LoadOptions::add_output(options::options_description& group) {
    group.add_options()
        ("output", options::value(&output)->value_name("DIR"),
            "write the CSV files there (results/README.md), made if need be, appended to if there")
        ("histogram", options::value(&histogram)->value_name("FILE"),
            "append the whole distribution of each latency to this CSV file")
        ("junit", options::value(&reports.junit)->value_name("FILE"),
            "write the verdict as JUnit XML there, a case for each claim or rule")
        ("markdown", options::value(&reports.markdown)->value_name("FILE"),
            "write verdict and tables there; in GitHub Actions they go to the job's summary by themselves")
        ("html", options::value(&reports.html)->value_name("FILE"),
            "write a report with figures there: a page that needs no network and no script")
        ("quiet", options::bool_switch(&quiet), "no progress on stderr");
}
// clang-format on

void LoadOptions::complete() {
    if (!is_token(plan.method))
        throw UsageError(fmt::format("--method '{}' is not an HTTP method", shown_value(plan.method)));
    for (const std::string& line : header_lines_)
        plan.headers.push_back(parse_header(line));
    plan.tls.verify = !insecure_;
    if (!plan.tls.key_file.empty() && plan.tls.certificate_file.empty())
        throw UsageError("--key needs --cert: a key alone is no certificate");
    if (!has_ramp_)
        plan.ramp = plan.send_delay.mean();
    if (!arrivals_.empty() && !plan.rate)
        throw UsageError("--arrivals needs --rate");
    if (arrivals_ == "poisson")
        plan.arrivals = ArrivalProcess::poisson;
    else if (!arrivals_.empty() && arrivals_ != "constant")
        throw UsageError(
            fmt::format("--arrivals '{}' is neither constant nor poisson", shown_value(arrivals_)));
    try {
        if (!source_addresses_.empty())
            plan.source_addresses = parse_source_addresses(source_addresses_);
    } catch (const std::invalid_argument& error) {
        throw UsageError(fmt::format("--source-address {}", error.what()));
    }
    if (!body_file_.empty()) {
        if (!plan.body.empty())
            throw UsageError("--body and --body-file exclude each other");
        plan.body = read_file(body_file_);
    }
}

void LoadOptions::choose_engine(const Url& url) {
    std::vector<Engine> permitted = permitted_engines();
    if (url.secure)
        std::erase_if(permitted, [](Engine engine) { return engine != Engine::asio; });
    if (engine_ == "auto") {
        plan.engine = permitted.front();
        return;
    }
    const auto wanted = engine_named(engine_);
    if (!wanted)
        throw UsageError(fmt::format("--engine '{}' is none of {}", shown_value(engine_), engine_names()));
    if (url.secure && *wanted != Engine::asio)
        throw UsageError(fmt::format("--engine {} cannot do https; take asio or auto", engine_));
    if (std::find(permitted.begin(), permitted.end(), *wanted) == permitted.end())
        throw UsageError(fmt::format(
            "--engine {}: this system doesn't permit it; auto takes the best that it does", engine_));
    plan.engine = *wanted;
}

} // namespace loadgen
