// A report as one HTML file: nothing from a network, no script, and readable where style sheets are blocked.
#pragma once

#include "report/html/figure.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loadgen {

/// What a chapter says at its head, by the colour of its badge.
enum class Tone { good, bad, open, plain };

/// Of one result: the verdict first, then what it rests on.
struct Chapter {
    std::string name; ///< where several stand side by side: which it is
    Tone tone = Tone::open;
    std::string badge;                   ///< a word or two
    std::string sentence;                ///< the verdict, in large letters
    std::vector<std::string> paragraphs; ///< what else is to be said
    TableRows table;                     ///< the main one
    std::vector<Figure> figures;
    std::vector<std::pair<std::string, std::string>> facts; ///< how it was measured: what, and its value
    std::string command_line;                               ///< empty: not known
};

struct Page {
    std::string title;
    std::vector<Figure> overview; ///< of several chapters together
    std::vector<Chapter> chapters;
};

std::string html(const Page& page);

} // namespace loadgen
