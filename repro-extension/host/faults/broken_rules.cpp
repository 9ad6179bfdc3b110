#include "faults/broken_rules.hpp"

#include "base/mutex.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <mutex>

namespace host {
namespace {

Mutex guard;

std::vector<BrokenRule>& broken_rules() {
    static std::vector<BrokenRule> all;
    return all;
}

bool count(Rule rule, std::string_view extension, const std::string& sentence) {
    const std::lock_guard lock(guard);
    const auto known = std::ranges::find_if(broken_rules(), [&](const BrokenRule& one) {
        return one.rule == rule && one.extension == extension;
    });
    if (known != broken_rules().end()) {
        ++known->times;
        return false;
    }
    broken_rules().push_back({rule, std::string(extension), sentence, 1});
    return true;
}

} // namespace

int exit_code_of(Rule rule) noexcept {
    switch (rule) {
    case Rule::crashed:
        return 6;
    case Rule::ended_process:
        return 7;
    case Rule::never_completed:
        return 9;
    default:
        return 8;
    }
}

void BrokenRules::add(Rule rule, std::string_view extension, const std::string& sentence) noexcept {
    try {
        if (count(rule, extension, sentence))
            spdlog::error("{} {}", extension, sentence);
    } catch (const std::exception&) { // no memory left for it
    }
}

std::vector<BrokenRule> BrokenRules::all() {
    const std::lock_guard lock(guard);
    std::vector<BrokenRule> all = broken_rules();
    std::ranges::stable_sort(all, {}, &BrokenRule::rule);
    return all;
}

void BrokenRules::clear() {
    const std::lock_guard lock(guard);
    broken_rules().clear();
}

std::string to_lines(const std::vector<BrokenRule>& broken) {
    std::string lines;
    for (const BrokenRule& one : broken) {
        lines += fmt::format("broken: {} {}", one.extension, one.sentence);
        lines += one.times == 1 ? "\n" : fmt::format(" ({} times)\n", one.times);
    }
    return lines;
}

} // namespace host
