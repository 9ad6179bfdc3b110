#include "base/log.hpp"

#include "base/mutex.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_set>
#include <utility>

namespace host {

void start_log(const std::string& level) {
    auto logger = spdlog::stderr_logger_mt("isapi-host");
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlog::level::from_str(level));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

void warn_once(const std::string& sentence) {
    static constexpr std::size_t most_remembered = 1'000;
    static Mutex guard;
    static std::unordered_set<std::string> said;
    {
        const std::lock_guard lock(guard);
        if (said.size() >= most_remembered || !said.insert(sentence).second)
            return;
    }
    spdlog::warn(sentence);
}

void warn_of_client(std::string_view kind, const std::string& sentence) {
    using Clock = std::chrono::steady_clock;
    struct Kind {
        unsigned said = 0;
        unsigned left_out = 0;
        Clock::time_point next{};
    };
    static constexpr unsigned freely = 20;
    static constexpr std::chrono::seconds pause{10};
    static Mutex guard;
    static std::map<std::string, Kind, std::less<>> kinds;
    unsigned left_out = 0;
    {
        const std::lock_guard lock(guard);
        const auto found = kinds.find(kind);
        Kind& known = found == kinds.end() ? kinds[std::string(kind)] : found->second;
        const auto now = Clock::now();
        if (known.said >= freely && now < known.next) {
            ++known.left_out;
            return;
        }
        ++known.said;
        known.next = now + pause;
        left_out = std::exchange(known.left_out, 0);
    }
    if (left_out == 0)
        spdlog::warn(sentence);
    else
        spdlog::warn("{} ({} more of this kind were left out)", sentence, left_out);
}

} // namespace host
