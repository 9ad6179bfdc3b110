// What may be shown of headers, URLs and arguments: no secret in any spelling, the rest as it was given, and
// nothing that the program needs is lost, since the true values are elsewhere.
#include "client/request.hpp"
#include "client/target.hpp"
#include "experiment/variant.hpp"
#include "measure/shown.hpp"
#include "options/load_options.hpp"
#include "options/shown_arguments.hpp"
#include "process/invocation.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace loadgen {
namespace {

using Text = std::string (*)(std::string_view);
using Cases = std::vector<std::pair<std::string, std::string>>;

void check(Text shown, const Cases& cases) {
    for (const auto& [given, wanted] : cases) {
        CHECK(shown(given) == wanted);
        CHECK_MESSAGE(shown(wanted) == wanted, "once more: ", wanted);
    }
}

/// A command line as `run` has it, but for what is no part of a load.
struct Called {
    LoadOptions options;
    std::vector<std::string> positional;
    CommandLine line{"run [options] URL", "", {}};

    Called() {
        options.add_load(line.group("Load"));
        options.add_request(line.group("Request"));
        options.add_connection(line.group("Connection"));
        options.add_measurement(line.group("Measurement"));
        options.add_output(line.group("Output"));
    }

    void parse(const std::vector<std::string>& words) {
        line.parse(words, positional, 1);
        options.complete();
    }
    std::vector<std::string> shown(const std::vector<std::string>& words) const {
        return shown_arguments(line.help(), words);
    }
    std::string request() const { return request_bytes(parse_url(positional.front()), options.plan); }
};

std::string complaint_of(const std::vector<std::string>& words) {
    try {
        Called().parse(words);
    } catch (const std::exception& error) {
        return error.what();
    }
    return "none";
}

class Draw {
  public:
    explicit Draw(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }
    bool perhaps() { return below(2) == 0; }
    template <class Items>
    std::string one_of(const Items& items) {
        return std::string(items[below(std::size(items))]);
    }
    std::string letters(std::string_view from, std::size_t most) {
        std::string text;
        for (std::size_t i = below(most + 1); i > 0; --i)
            text += from[below(from.size())];
        return text;
    }
    std::string in_any_case(std::string text) {
        for (char& c : text)
            c = static_cast<char>(perhaps() ? std::toupper(c) : std::tolower(c));
        return text;
    }
    std::string encoded(const std::string& text) {
        std::string result;
        for (const char c : text)
            result += below(4) == 0 ? fmt::format("%{:02x}", c) : std::string(1, c);
        return result;
    }

  private:
    std::mt19937_64 random_;
};

/// A random argument list with a secret in some of its words.
class RandomArguments {
  public:
    RandomArguments(Draw& draw, std::string secret) : draw_(draw), secret_(std::move(secret)) {}

    std::vector<std::string> words() {
        for (std::size_t i = 1 + draw_.below(5); i > 0; --i)
            draw_.perhaps() ? add_header() : add_harmless();
        if (draw_.perhaps())
            draw_.perhaps() ? add({"--body", value()}) : add({fmt::format("--body={}", value())});
        if (draw_.below(4) == 0)
            add({"--"});
        add({url()});
        return words_;
    }
    const std::vector<std::string>& headers() const { return headers_; }

  private:
    void add(std::initializer_list<std::string> words) { words_.insert(words_.end(), words); }

    std::string value() {
        constexpr std::string_view around = "abc XYZ019;:=,&?#/'\"\\-%.@";
        return fmt::format("b{}{}{}e", draw_.letters(around, 6), secret_, draw_.letters(around, 6));
    }

    void add_header() {
        constexpr std::string_view names[] = {"X-Api-Key", "Authorization",   "Cookie", "X-Anything",
                                              "Referer",   "X-Forwarded-For", "Origin"};
        const std::string name = draw_.in_any_case(draw_.one_of(names));
        const std::string line = name + ":" + draw_.letters(" \t", 2) + value();
        headers_.push_back(line.substr(line.find('b', name.size())));
        switch (draw_.below(6)) {
        case 0:
            return add({"-H", line});
        case 1:
            return add({"-H" + line});
        case 2:
            return add({"--header", line});
        case 3:
            return add({"--header=" + line});
        case 4:
            return add({letters_before_header() + line});
        default:
            return add({letters_before_header(), line});
        }
    }

    // Most options may be given once.
    bool first(const std::string& option) {
        return std::find(used_.begin(), used_.end(), option) == used_.end() &&
               (used_.push_back(option), true);
    }
    std::string letters_before_header() { return first("-k") ? "-kH" : "-H"; }

    void add_harmless() {
        switch (draw_.below(7)) {
        case 0:
            return add({"-H", "Accept: text/html"});
        case 1:
            return add({letters_before_header() + "Range: bytes=0-1"});
        case 2:
            return add_once({"-r5"});
        case 3:
            return add_once({"--timeout=2s"});
        case 4:
            return add_once({"--ramp", "1ms"});
        case 5:
            return add_once({"--insecure"});
        default:
            return add_once({"-k"});
        }
    }
    void add_once(std::initializer_list<std::string> words) {
        if (first(*words.begin()))
            add(words);
    }

    std::string parameter() {
        constexpr std::string_view names[] = {"api_key",
                                              "apikey",
                                              "key",
                                              "token",
                                              "access_token",
                                              "id-token",
                                              "sig",
                                              "password",
                                              "X-Amz-Signature",
                                              "X-Amz-Credential",
                                              "X-Amz-Security-Token",
                                              "client_secret",
                                              "jsessionid",
                                              "code",
                                              "auth",
                                              "session",
                                              "user[password]"};
        constexpr std::string_view harmless[] = {"work=5", "linger=2", "a", "author=Joe",
                                                 "x=%20",  "q=1;r=2",  ""};
        if (draw_.below(3) == 0)
            return draw_.one_of(harmless);
        std::string name = draw_.in_any_case(draw_.one_of(names));
        std::replace(name.begin(), name.end(), '[', draw_.perhaps() ? '.' : '-');
        std::erase(name, ']');
        return draw_.encoded(name) + "=" + draw_.letters("a0;:,+-._~@/?=", 5) + secret_ +
               draw_.letters("a0;:,+-._~@/?=", 5);
    }

    std::string url() {
        std::string url = draw_.perhaps() ? "http://h:81" : "http://h";
        if (draw_.perhaps())
            url += draw_.perhaps() ? fmt::format("/a@b/;JSESSIONID={}", secret_) : "/a@b/c";
        url += fmt::format("?{}", parameter());
        for (std::size_t i = draw_.below(4); i > 0; --i)
            url += fmt::format("&{}", parameter());
        return draw_.below(3) == 0 ? fmt::format("{}#access_token={}", url, secret_) : url;
    }

    Draw& draw_;
    std::string secret_;
    std::vector<std::string> words_;
    std::vector<std::string> headers_; // their values
    std::vector<std::string> used_;
};

} // namespace

TEST_CASE("headers: the value goes, but for a few that are known to be harmless") {
    check(shown_header, {{"X-Api-Key: s3cret", "X-Api-Key: <hidden>"},
                         {"X-Api-Key:s3cret", "X-Api-Key: <hidden>"},
                         {"AUTHORIZATION:\tBearer s3cret", "AUTHORIZATION: <hidden>"},
                         {"Referer: http://h/?token=s3cret", "Referer: <hidden>"},
                         {"Accept: text/html", "Accept: text/html"},
                         {"content-TYPE: text/plain", "content-TYPE: text/plain"},
                         {"User-Agent: eyJhbGciOi.eyJzdWIiOiJ.c2lnbmF0dXJl", "User-Agent: <hidden>"},
                         {"X-Empty:", "X-Empty:"},
                         {"s3cret", "<hidden>"},
                         {"Bearer s3cret", "<hidden>"},
                         {"two words: s3cret", "<hidden>"},
                         {": s3cret", "<hidden>"}});
}

TEST_CASE("URLs: user, secret parameters, tokens and fragment") {
    check(shown_url, {{"http://h/a?work=5&linger=2", "http://h/a?work=5&linger=2"},
                      {"http://h/?api_key=s3cret", "http://h/?api_key=<hidden>"},
                      {"http://h?TOKEN=s3cret", "http://h?TOKEN=<hidden>"},
                      {"http://h/?a=1&access_token=s3cret&b=2", "http://h/?a=1&access_token=<hidden>&b=2"},
                      {"http://h/?X-Amz-Signature=s3cret", "http://h/?X-Amz-Signature=<hidden>"},
                      {"http://h/?%74oken=s3cret", "http://h/?%74oken=<hidden>"},
                      {"http://h/?%2574oken=s3cret", "http://h/?%2574oken=<hidden>"},
                      {"http://h/?token%3Ds3cret", "http://h/?<hidden>"},
                      {"http://h/?a=1;token=s3cret", "http://h/?a=1;token=<hidden>"},
                      {"http://h/?token=a;s3cret", "http://h/?token=<hidden>"},
                      {"http://h/?a&amp;token=s3cret", "http://h/?a&amp;token=<hidden>"},
                      {"http://h/?to=https%3A%2F%2Fx%2F%3Ftoken%3Ds3cret", "http://h/?to=<hidden>"},
                      {"http://h/?to=https%3A%2F%2Fme%3As3cret%40x", "http://h/?to=<hidden>"},
                      {"http://h/?q={%22password%22:%22s3cret%22}", "http://h/?q=<hidden>"},
                      {"http://h/?x=eyJhbGciOi.eyJzdWIiOiJ.c2lnbmF0dXJl", "http://h/?x=<hidden>"},
                      {"http://h/eyJhbGciOi.eyJzdWIiOiJ.c2lnbmF0dXJl/x", "http://h/<hidden>/x"},
                      {"http://h/a;jsessionid=s3cret/b", "http://h/a;jsessionid=<hidden>/b"},
                      {"http://h/#access_token=s3cret", "http://h/#<hidden>"},
                      {"http://user:s3cret@h/x", "http://<hidden>@h/x"},
                      {"http://s3cret@h", "http://<hidden>@h"},
                      {"HTTP://user:pa/s3cret@h/x", "HTTP://<hidden>@h/x"},
                      {"http://user:pa?s3cret@h/x", "http://<hidden>@h/x"},
                      {"http://user:pa@s3cret@h/x", "http://<hidden>@h/x"},
                      {"http://user%3As3cret%40h/x", "http://<hidden>/x"},
                      {"user:s3cret@h/x", "<hidden>@h/x"},
                      {"http:/user:s3cret@h/x", "<hidden>@h/x"},
                      {"http://h:80/@scope/package@1.2", "http://h:80/@scope/package@1.2"},
                      {"http://[::1]:81/x", "http://[::1]:81/x"},
                      {"localhost/x", "localhost/x"},
                      {"nonsense", "nonsense"},
                      {"s3cret", "<hidden>"},
                      {"/a?author=Joe&monkeys=3", "/a?author=Joe&monkeys=3"},
                      {"http://h/?key=s3cret http://h/b http://h/?sig=s3cret",
                       "http://h/?key=<hidden> http://h/b http://h/?sig=<hidden>"}});
    check(shown_variant, {{"a", "a"},
                          {"a,keep-alive", "a,keep-alive"},
                          {"a=/p?sig=s3cret,keep-alive", "a=/p?sig=<hidden>,keep-alive"},
                          {"a;sid=s3cret", "a;sid=<hidden>"},
                          {"/p?sig=s3cret", "/p?sig=<hidden>"}});
    check(shown_value, {{"soon", "soon"},
                        {"10x", "10x"},
                        {"-1", "-1"},
                        {"--help=html", "--help=html"},
                        {"password=secret", "<hidden>"},
                        {"s3cret", "<hidden>"},
                        {R"({"a":"b"})", "<hidden>"}});
}

TEST_CASE("what is sent has the true values, and what is recorded of it has none") {
    const std::string given = "http://127.0.0.1:81/p?token=s3cret";
    const Url url = parse_url(given);
    CHECK(url.text == "http://127.0.0.1:81/p?token=<hidden>");
    const Target target = make_target(url, {});
    CHECK(target.requests.front().bytes.starts_with("GET /p?token=s3cret HTTP/1.1\r\n"));
    CHECK(target.requests.front().target == "/p?token=<hidden>");
    const Url variant = variant_url(given, parse_variant("a=/b?sig=s3cret", Expectation::fixed));
    CHECK(variant.target.find("sig=s3cret") != std::string::npos);
    CHECK(variant.text.find("s3cret") == std::string::npos);
}

TEST_CASE("what is said of a bad argument does not repeat it, if it may be a secret") {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"-H", "Authorization:", "s3cret", "http://h/"},
             {"-H", "Authorization:", "Bearer", "s3cret", "http://h/"},
             {"--body", "my", "s3cret"},
             {"-H", "s3cret", "http://h/"},
             {"-H", "Authorization=s3cret", "http://h/"},
             {"-Hs3cret"},
             {"--headers=X-Api-Key: s3cret", "http://h/"},
             {"--header-X: s3cret", "http://h/"},
             {"-us3cret", "http://h/"},
             {"-us3cret:s3cret", "http://h/"},
             {"--timeout", "s3cret", "http://h/"},
             {"--timeout", R"({"password":"s3cret"})", "http://h/"},
             {"-c", "s3cret", "http://h/"},
             {"-r", "s3cret", "http://h/"},
             {"-m", "Bearer s3cret", "http://h/"},
             {"--engine", "s3cret", "--arrivals=s3cret", "-r1", "http://h/"},
             {"http://h/", "http://user:s3cret@h/"},
             {"http://h/", "s3cret"}}) {
        const std::string said = complaint_of(words);
        CHECK_MESSAGE(said != "none", shell_line(words));
        CHECK_MESSAGE(said.find("s3cret") == std::string::npos, said);
    }
    for (const char* url : {"http://user:s3cret@h/", "http://user%3As3cret@h/", "http://user%3As3cret%40h/",
                            "http://user:pa/s3cret@h/", "http://h/?token=s3 s3cret", "ftp://h/?sig=s3cret",
                            "http://h:0/?sig=s3cret", "http:///?sig=s3cret", "h?sig=s3cret", "s3cret"})
        try {
            parse_url(url);
            FAIL(std::string(url));
        } catch (const std::invalid_argument& error) {
            CHECK_MESSAGE(std::string(error.what()).find("s3cret") == std::string::npos, error.what());
        }
}

TEST_CASE("what is shown once is shown the same again, of any text") {
    constexpr std::string_view parts[] = {
        "http://", "https://",    "://",       "token",  "=",   "&",     "?",    "#",
        "@",       ":",           "%74",       "%3D",    "%40", "%25",   ";",    "/",
        "a",       "80",          "S3kr3t",    "author", " ",   "key",   "\"",   "{",
        "eyJ.a.b", ",keep-alive", "http://h/", "%3c",    "+",   "[::1]", "user:"};
    for (unsigned seed = 1; seed <= 20'000; ++seed) {
        CAPTURE(seed);
        Draw draw(seed);
        std::string text;
        for (std::size_t i = draw.below(10); i > 0; --i)
            text += draw.one_of(parts);
        CAPTURE(text);
        for (const Text shown : {shown_url, shown_target, shown_header, shown_variant, shown_value})
            CHECK(shown(shown(text)) == shown(text));
    }
}

TEST_CASE("random argument lists: the request has each secret, what is shown has none") {
    for (unsigned seed = 1; seed <= 2000; ++seed) {
        CAPTURE(seed);
        Draw draw(seed);
        const std::string secret = "S3" + draw.letters("abcdefghijkmnpqrstuvwxyz", 8) + "Kr";
        RandomArguments arguments(draw, secret);
        const std::vector<std::string> words = arguments.words();
        CAPTURE(shell_line(words));
        Called called;
        called.parse(words);
        const std::string request = called.request();
        for (const std::string& value : arguments.headers())
            CHECK(request.find(value) != std::string::npos);

        const std::vector<std::string> shown = called.shown(words);
        const std::string line = shell_line(shown);
        CHECK(line.find(secret) == std::string::npos);
        CHECK(parse_url(called.positional.front()).text.find(secret) == std::string::npos);
        // As many options, and of harmless ones the values.
        CHECK(shown.size() == words.size());
        Called again;
        again.line.parse(shown, again.positional, 1);
        again.options.complete();
        REQUIRE(again.options.plan.headers.size() == called.options.plan.headers.size());
        for (std::size_t i = 0; i < again.options.plan.headers.size(); ++i)
            CHECK(again.options.plan.headers[i].name == called.options.plan.headers[i].name);
        CHECK(again.options.plan.rate == called.options.plan.rate);
        CHECK(again.options.plan.timeout == called.options.plan.timeout);
        CHECK(again.options.plan.body.empty() == called.options.plan.body.empty());
        CHECK(called.shown(shown) == shown);
        CHECK(shell_words(line) == shown);
    }
}

} // namespace loadgen
