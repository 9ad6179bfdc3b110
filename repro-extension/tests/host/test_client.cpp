#include "test_client.hpp"

#include "net/request_parser.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <array>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace test {

Client::Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)) {
    const DWORD timeout = 20'000;
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, reinterpret_cast<const char*>(&timeout),
               sizeof(timeout));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
        throw std::runtime_error("connect: " + std::to_string(WSAGetLastError()));
}

void Client::send(std::string_view bytes) {
    if (::send(socket_.get(), bytes.data(), static_cast<int>(bytes.size()), 0) !=
        static_cast<int>(bytes.size()))
        throw std::runtime_error("send: " + std::to_string(WSAGetLastError()));
}

void Client::end_sending() {
    shutdown(socket_.get(), SD_SEND);
}

std::size_t Client::receive() {
    std::array<char, 4096> bytes;
    const int count = recv(socket_.get(), bytes.data(), static_cast<int>(bytes.size()), 0);
    if (count >= 0) {
        buffer_.append(bytes.data(), static_cast<std::size_t>(count));
        return static_cast<std::size_t>(count);
    }
    const int error = WSAGetLastError();
    if (error != WSAECONNRESET && error != WSAECONNABORTED)
        throw std::runtime_error("recv: " + std::to_string(error));
    return 0;
}

Answer Client::read_answer(bool head_only) {
    std::size_t head_end = 0;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos)
        if (receive() == 0)
            throw std::runtime_error("closed before a whole head: '" + buffer_ + "'");
    Answer answer;
    answer.head = buffer_.substr(0, head_end + 4);
    buffer_.erase(0, head_end + 4);
    answer.status = std::stoi(answer.head.substr(sizeof("HTTP/1.1")));
    const std::size_t length_at = answer.head.find("Content-Length: ");
    if (head_only || length_at == std::string::npos)
        return answer;
    const std::size_t length = std::stoul(answer.head.substr(length_at + 16));
    while (buffer_.size() < length)
        if (receive() == 0)
            throw std::runtime_error("closed before a whole body: '" + buffer_ + "'");
    answer.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return answer;
}

Answer Client::read_to_the_end() {
    Answer answer = read_answer(true);
    while (receive() != 0)
        continue;
    answer.body = std::exchange(buffer_, {});
    return answer;
}

bool Client::closed_by_server() {
    return buffer_.empty() && receive() == 0;
}

std::uint16_t Client::local_port() const {
    sockaddr_in address{};
    int size = sizeof(address);
    getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

class CapturedLog::Sink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    std::string text() {
        const std::lock_guard lock(mutex_);
        return text_;
    }

  private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        text_.append(message.payload.data(), message.payload.size()).append("\n");
    }
    void flush_() override {}

    std::string text_;
};

CapturedLog::CapturedLog() : sink_(std::make_shared<Sink>()), before_(spdlog::default_logger()) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("captured", sink_));
}

CapturedLog::~CapturedLog() {
    spdlog::set_default_logger(before_);
}

std::string CapturedLog::text() const {
    return sink_->text();
}

bool CapturedLog::has(std::string_view part) const {
    return wait_until([&] { return text().find(part) != std::string::npos; });
}

std::string get(std::string_view target, std::string_view headers) {
    return std::string("GET /repro/").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(headers) +
           "\r\n";
}

Answer fetch(std::uint16_t port, std::string_view target) {
    Client client(port);
    client.send(get(target, "Connection: close\r\n"));
    return client.read_answer();
}

bool wait_until(const std::function<bool()>& condition) {
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
         std::chrono::steady_clock::now() < end; Sleep(2))
        if (condition())
            return true;
    return condition();
}

std::filesystem::path program_folder() {
    std::array<wchar_t, 1024> file;
    const DWORD length = GetModuleFileNameW(nullptr, file.data(), static_cast<DWORD>(file.size()));
    return std::filesystem::path(std::wstring_view(file.data(), length)).parent_path();
}

host::Options test_options() {
    host::Options options;
    options.root = program_folder();
    options.port = 0;
    options.accept_outstanding = 1;
    options.pool_threads = 2;
    return options;
}

TemporaryFile::TemporaryFile() {
    std::array<wchar_t, MAX_PATH + 1> folder;
    std::array<wchar_t, MAX_PATH + 1> file;
    GetTempPathW(static_cast<DWORD>(folder.size()), folder.data());
    GetTempFileNameW(folder.data(), L"ish", 0, file.data());
    path_ = file.data();
}

TemporaryFile::~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

std::vector<std::string> TemporaryFile::lines() const {
    std::ifstream file(path_);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

} // namespace test
