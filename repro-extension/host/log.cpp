#include "log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <unordered_set>

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
    static std::mutex guard;
    static std::unordered_set<std::string> said;
    {
        const std::lock_guard lock(guard);
        if (said.size() >= most_remembered || !said.insert(sentence).second)
            return;
    }
    spdlog::warn(sentence);
}

} // namespace host
