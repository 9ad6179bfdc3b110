#include "faults/exposures.hpp"

#include "base/csv.hpp"
#include "base/utf8.hpp"
#include "faults/image.hpp"
#include "faults/symbols.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

namespace host {
namespace {

/// What the table and the file show of one line; a clean extension has none of the exits.
struct Line {
    const ServedExtension* extension;
    const ThreadExits* exits;
};

std::vector<Line> lines_of(std::span<const ServedExtension> extensions, std::span<const ThreadExits> exits) {
    std::vector<Line> lines;
    for (const ServedExtension& extension : extensions) {
        const std::size_t before = lines.size();
        for (const ThreadExits& one : exits)
            if (one.extension == extension.name)
                lines.push_back({&extension, &one});
        if (lines.size() == before)
            lines.push_back({&extension, nullptr});
    }
    return lines;
}

std::string thread_of(const ThreadExits& exits) {
    return place_with(exits.thread_start, exits.function);
}

} // namespace

void Exposures::add(const Poster& poster, Exposed what, std::chrono::microseconds age) {
    const std::lock_guard lock(guard_);
    const auto [place, is_new] =
        places_.try_emplace(std::pair(poster.extension, poster.thread.start), exits_.size());
    if (is_new) {
        const bool known = poster.extension != nullptr;
        exits_.push_back({.extension = known ? poster.extension->name() : "-",
                          .thread_start = describe_address(poster.thread.start),
                          .function = known ? function_at(poster.thread.start) : "",
                          .request = std::string(poster.request()),
                          .shortest = age});
        if (known)
            spdlog::warn(
                "{}: its thread {} exited {} us after {} {}; what was posted in it was cancelled (the thread "
                "began at {})",
                exits_.back().extension, poster.thread.id, age.count(),
                what == Exposed::call ? "it had made an asynchronous call for"
                                      : "DONE_WITH_SESSION had completed",
                exits_.back().request, thread_of(exits_.back()));
        else
            spdlog::warn("thread {} of the pool was ended; what it had posted was cancelled",
                         poster.thread.id);
    }
    ThreadExits& exits = exits_[place->second];
    exits.exposures += what == Exposed::read || what == Exposed::call ? 0 : 1;
    exits.victims += what == Exposed::victim ? 1 : 0;
    exits.unclear += what == Exposed::unclear ? 1 : 0;
    exits.reads += what == Exposed::read ? 1 : 0;
    exits.calls += what == Exposed::call ? 1 : 0;
    exits.shortest = std::min(exits.shortest, age);
    exits.longest = std::max(exits.longest, age);
}

std::vector<ThreadExits> Exposures::all() const {
    const std::lock_guard lock(guard_);
    return exits_;
}

std::string exposure_table(std::span<const ServedExtension> extensions, std::span<const ThreadExits> exits) {
    constexpr std::size_t columns = 7;
    std::vector<std::array<std::string, columns>> rows = {
        {"extension", "requests", "exposures", "victims", "reads", "calls", "thread began at"}};
    for (const auto& [extension, one] : lines_of(extensions, exits)) {
        const ThreadExits none;
        const ThreadExits& shown = one == nullptr ? none : *one;
        rows.push_back({extension->name, std::to_string(extension->requests), std::to_string(shown.exposures),
                        std::to_string(shown.victims), std::to_string(shown.reads),
                        std::to_string(shown.calls), one == nullptr ? "-" : thread_of(*one)});
    }
    std::array<std::size_t, columns> widths{};
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths.at(i) = std::max(widths.at(i), row.at(i).size());
    std::string text;
    for (const auto& row : rows) {
        text += fmt::format("{:<{}}", row[0], widths[0]);
        for (std::size_t i = 1; i + 1 < columns; ++i)
            text += fmt::format("  {:>{}}", row.at(i), widths.at(i));
        text += fmt::format("  {}\n", row.back());
    }
    return text;
}

void write_exposures(const std::filesystem::path& file, std::span<const ServedExtension> extensions,
                     std::span<const ThreadExits> exits) {
    std::ofstream csv(file, std::ios::binary | std::ios::trunc);
    csv << "extension,requests,thread_start,function,request,exposures,victims,unclear,reads,exit_after_us_"
           "min,exit_after_us_max,calls\n";
    for (const auto& [extension, one] : lines_of(extensions, exits)) {
        const ThreadExits none;
        const ThreadExits& shown = one == nullptr ? none : *one;
        csv << fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(extension->name),
                           extension->requests, csv_field(shown.thread_start), csv_field(shown.function),
                           csv_field(shown.request), shown.exposures, shown.victims, shown.unclear,
                           shown.reads, shown.shortest.count(), shown.longest.count(), shown.calls);
    }
    if (!csv.flush())
        throw std::runtime_error(fmt::format("cannot write the exposures file {}", to_utf8(file)));
}

} // namespace host
