#include "measure/shown.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace loadgen {
namespace {

using Words = std::initializer_list<std::string_view>;

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

int hex_digit(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto place = digits.find(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    return place == std::string_view::npos ? -1 : static_cast<int>(place);
}

std::string decoded_once(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool encoded = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                             hex_digit(text[i + 2]) >= 0;
        result += encoded ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
        i += encoded ? 2 : 0;
    }
    return result;
}

// However often it is percent-encoded: a server behind a server decodes twice.
std::string decoded(std::string_view text) {
    std::string result(text);
    while (result.find('%') != std::string::npos) {
        std::string next = decoded_once(result);
        if (next == result)
            break;
        result = std::move(next);
    }
    return result;
}

// "X-Amz-Signature" and "x_amz_signature" alike.
std::string normalised(std::string_view name) {
    std::string result = lower(decoded(name));
    std::erase_if(result, [](char c) { return !is_letter(c) && !is_digit(c); });
    return result;
}

bool has_any(std::string_view text, Words words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool is_any(std::string_view text, Words words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

bool has_secret_word(std::string_view normal) {
    return has_any(normal,
                   {"token",     "secret",  "passw",     "passphrase", "passcode", "pwd",    "credential",
                    "signature", "session", "sessid",    "jwt",        "bearer",   "cookie", "csrf",
                    "xsrf",      "apikey",  "accesskey", "accessid",   "privat",   "ticket", "saml",
                    "assertion", "hmac",    "authoriz",  "oauth"});
}

bool is_secret_name(std::string_view name) {
    const std::string normal = normalised(name);
    return has_secret_word(normal) || normal.ends_with("key") || normal.ends_with("auth") ||
           (normal.starts_with("auth") && !normal.starts_with("author")) ||
           is_any(normal, {"sig", "sid", "pin", "otp", "totp", "code", "pass"});
}

// A JSON Web Token: three parts of base64, of which the first begins with {" in plain text.
bool has_web_token(std::string_view text) {
    const auto begin = text.find("eyJ");
    if (begin == std::string_view::npos)
        return false;
    const std::string_view token = text.substr(begin);
    return token.size() >= 20 && std::count(token.begin(), token.end(), '.') >= 2;
}

// As the great services write theirs.
bool has_known_token(std::string_view text) {
    constexpr std::size_t shortest = 20;
    const Words prefixes = {"ghp_",     "gho_",     "ghu_",  "ghs_",  "ghr_", "github_pat_",
                            "glpat-",   "xoxa-",    "xoxb-", "xoxp-", "sk-",  "sk_live_",
                            "sk_test_", "rk_live_", "AKIA",  "ASIA",  "AIza", "ya29."};
    return text.size() >= shortest &&
           std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return text.starts_with(prefix); });
}

bool is_token_itself(std::string_view text) {
    const std::string plain = decoded(text);
    return has_web_token(plain) || has_known_token(plain);
}

// A value that has names and values of its own: a URL to come back to, or JSON.
bool has_secrets_inside(std::string_view value) {
    const std::string plain = decoded(value);
    const bool has_names = plain.find_first_of("=:\"") != std::string::npos;
    const bool has_user = plain.find("://") != std::string::npos && plain.find('@') != std::string::npos;
    return has_user || (has_names && has_secret_word(normalised(plain)));
}

std::string shown_parameter(std::string_view text) {
    if (text.empty() || text == hidden)
        return std::string(text);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
        return is_token_itself(text) || has_secrets_inside(text) ? std::string(hidden) : std::string(text);
    const std::string name(text.substr(0, equals + 1));
    const std::string_view value = text.substr(equals + 1);
    if (value.empty() || value == hidden)
        return std::string(text);
    if (is_secret_name(text.substr(0, equals)))
        return name + std::string(hidden);
    // Some servers take ; for &.
    if (const auto end = value.find(';'); end != std::string_view::npos)
        return shown_parameter(text.substr(0, equals + 1 + end)) + ";" +
               shown_parameter(value.substr(end + 1));
    return is_token_itself(value) || has_secrets_inside(value) ? name + std::string(hidden)
                                                               : std::string(text);
}

// Each part between the separators.
std::string shown_parts(std::string_view text, std::string_view separators) {
    std::string result;
    for (std::size_t begin = 0;;) {
        const auto end = std::min(text.find_first_of(separators, begin), text.size());
        result += shown_parameter(text.substr(begin, end - begin));
        if (end == text.size())
            return result;
        result += text[end];
        begin = end + 1;
    }
}

bool is_host_and_port(std::string_view authority) {
    const auto bracket = authority.find(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const std::string_view port = colon == std::string_view::npos ? "" : authority.substr(colon + 1);
    return std::all_of(port.begin(), port.end(), is_digit);
}

// Where what follows a user begins; 0: there is none. A password that is not encoded may hold any character:
// what has a user, or no port that is one, is a user up to the last @.
std::size_t end_of_user(std::string_view text, bool has_scheme) {
    const std::string_view authority = text.substr(0, text.find_first_of("/?#"));
    const bool may_have = decoded(authority).find('@') != std::string::npos || !is_host_and_port(authority) ||
                          (!has_scheme && !text.starts_with('/'));
    if (!may_have)
        return 0;
    if (const auto at = text.rfind('@'); at != std::string_view::npos)
        return at;
    // Encoded: nothing that follows is a host.
    return decoded(authority).find('@') != std::string::npos ? authority.size() : 0;
}

std::string shown_one_url(std::string_view text) {
    const auto colon = text.find("://");
    const bool has_scheme = colon != std::string_view::npos;
    if (!has_scheme && text.find_first_of("/.:?#@=;&") == std::string_view::npos)
        return shown_value(text);
    std::string_view rest = text.substr(has_scheme ? colon + 3 : 0);
    std::string result(text.substr(0, text.size() - rest.size()));
    if (const auto end = end_of_user(rest, has_scheme); end > 0) {
        result += hidden;
        rest.remove_prefix(end);
        if (rest.starts_with('@')) {
            result += '@';
            rest.remove_prefix(1);
        }
    }
    const auto path = std::min(rest.find_first_of("/?#;"), rest.size());
    const std::string_view authority = rest.substr(0, path);
    result += has_scheme ? std::string(authority) : shown_parameter(authority);
    return result + shown_target(rest.substr(path));
}

bool is_harmless(std::string_view header) {
    return is_any(lower(header), {"accept",
                                  "accept-charset",
                                  "accept-encoding",
                                  "accept-language",
                                  "cache-control",
                                  "connection",
                                  "content-encoding",
                                  "content-language",
                                  "content-length",
                                  "content-type",
                                  "expect",
                                  "host",
                                  "if-modified-since",
                                  "if-unmodified-since",
                                  "keep-alive",
                                  "pragma",
                                  "range",
                                  "te",
                                  "trailer",
                                  "transfer-encoding",
                                  "upgrade",
                                  "upgrade-insecure-requests",
                                  "user-agent"});
}

bool is_header_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
    });
}

} // namespace

std::string shown_header(std::string_view line) {
    const auto colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_header_name(name))
        return std::string(hidden);
    const auto begin = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
    const std::string_view value = line.substr(begin);
    if (value.empty() || (is_harmless(name) && !is_token_itself(value)))
        return std::string(line);
    return std::string(name) + ": " + std::string(hidden);
}

std::string shown_url(std::string_view text) {
    // No URL has a space in it.
    const auto next = std::min(text.find(" http://"), text.find(" https://"));
    if (next == std::string_view::npos)
        return shown_one_url(text);
    return shown_one_url(text.substr(0, next)) + " " + shown_url(text.substr(next + 1));
}

std::string shown_target(std::string_view target) {
    const auto fragment = std::min(target.find('#'), target.size());
    const auto query = std::min(target.substr(0, fragment).find('?'), fragment);
    std::string result = shown_parts(target.substr(0, query), "/;");
    if (query < fragment) {
        result += '?';
        result += shown_parts(target.substr(query + 1, fragment - query - 1), "&");
    }
    if (fragment < target.size()) // sent to nobody, and it may hold what a log-in has left
        result += '#';
    if (fragment + 1 < target.size())
        result += hidden;
    return result;
}

std::string shown_variant(std::string_view text) {
    constexpr std::string_view keep_alive = ",keep-alive";
    const std::string_view end = text.ends_with(keep_alive) ? keep_alive : "";
    const std::string_view rest = text.substr(0, text.size() - end.size());
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos || rest.find_first_of("/?;#&") < equals) // no name
        return shown_target(rest) + std::string(end);
    return std::string(rest.substr(0, equals + 1)) + shown_target(rest.substr(equals + 1)) + std::string(end);
}

std::string shown_value(std::string_view text) {
    constexpr std::size_t longest = 24;
    const auto is_word = [](std::string_view word) {
        return std::all_of(word.begin(), word.end(),
                           [](char c) { return is_letter(c) || c == '-' || c == '_'; });
    };
    const auto unit = std::min(text.find_first_not_of("+-0123456789."), text.size());
    const bool is_number =
        unit > 0 && text.size() - unit <= 3 && (is_word(text.substr(unit)) || text.substr(unit) == "%");
    const auto equals = std::min(text.find('='), text.size());
    const bool is_plain = is_word(text.substr(0, equals)) &&
                          (equals == text.size() ||
                           (is_word(text.substr(equals + 1)) && !is_secret_name(text.substr(0, equals))));
    const bool may_be_shown = text.size() <= longest && (is_number || is_plain);
    return std::string(may_be_shown || text == hidden ? text : hidden);
}

} // namespace loadgen
