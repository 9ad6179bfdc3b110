#include "victims.hpp"

#include <arpa/inet.h>

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <stdexcept>

namespace uring {
namespace {

using namespace std::chrono;

std::string to_text(const in_addr& address) {
    std::array<char, INET_ADDRSTRLEN> text{};
    inet_ntop(AF_INET, &address, text.data(), text.size());
    return text.data();
}

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

} // namespace

VictimLog::VictimLog(const std::string& file) {
    if (file.empty())
        return;
    file_.open(file, std::ios::app);
    if (!file_)
        throw std::runtime_error(
            fmt::format("cannot write the victims file '{}'; give another with --victims", file));
    if (std::filesystem::file_size(file) == 0)
        file_
            << "time_us,client_address,client_port,thread_id,thread_start,posted_us_before,extension,request,"
               "operation\n"
            << std::flush;
}

void VictimLog::add(const sockaddr_in& client, const Poster& poster) {
    if (!file_.is_open())
        return;
    const auto now = duration_cast<microseconds>(system_clock::now().time_since_epoch());
    const auto before = duration_cast<microseconds>(steady_clock::now() - poster.time);
    file_ << fmt::format("{},{},{},{},uring-server:{},{},{},{},first read\n", now.count(),
                         to_text(client.sin_addr), ntohs(client.sin_port), poster.thread, poster.thread_start,
                         before.count(), poster.path.empty() ? "-" : csv_field(poster.path.substr(1)),
                         poster.path.empty() ? "-" : csv_field(poster.path))
          << std::flush;
}

} // namespace uring
