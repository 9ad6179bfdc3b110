// As much of HTTP as the demonstration needs.
#pragma once

#include <string>
#include <string_view>

namespace uring {

/// All of a request's head is there.
bool is_whole(std::string_view head);

/// The path of a GET without its query; empty if it is no GET.
std::string_view path_of(std::string_view head);

/// Says which variant answers, as the extensions of IIS do.
std::string answer_of(std::string_view variant);

std::string not_found();

} // namespace uring
