#include "isapi/control_block.hpp"

#include "faults/broken_rules.hpp"
#include "net/response_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace host {
namespace {

/// PATH_TRANSLATED: what the path's file is called in the extension's folder; IIS maps it as if it
/// were a URL of the site.
std::string translated(const Extension& extension, const std::string& file) {
    std::string path;
    path.reserve(extension.folder().size() + file.size());
    path.append(extension.folder()).append(file);
    std::ranges::replace(path, '/', '\\');
    return path;
}

/// cbTotalBytes: all ones for what is longer or not known (MSDN, EXTENSION_CONTROL_BLOCK).
DWORD total_bytes(const Request& request) noexcept {
    constexpr auto unknown = std::numeric_limits<DWORD>::max();
    return static_cast<DWORD>(std::min<std::uint64_t>(request.body_length.value_or(unknown), unknown));
}

} // namespace

Quarantine<ControlBlock>& ControlBlock::blocks() {
    static Quarantine<ControlBlock> all(65'536, 4'096);
    return all;
}

ControlBlock::ControlBlock(Key, RequestOwner& owner, IoPort& io, std::chrono::milliseconds timeout,
                           Connection& connection, Request request, ScriptPath path,
                           const Extension& extension)
    : EXTENSION_CONTROL_BLOCK{},
      owner_(owner),
      extension_(extension),
      connection_(&connection),
      request_(std::move(request)),
      path_(std::move(path)),
      content_type_(request_.header("Content-Type")),
      path_translated_(translated(extension, path_.file)),
      async_(io, *this, timeout),
      may_keep_(request_.keep_alive) {
    cbSize = sizeof(EXTENSION_CONTROL_BLOCK);
    dwVersion = HSE_VERSION;
    ConnID = static_cast<EXTENSION_CONTROL_BLOCK*>(this);
    dwHttpStatusCode = 200;
    lpszMethod = request_.method.data();
    lpszQueryString = request_.query.data();
    lpszPathInfo = path_.info.data();
    lpszPathTranslated = path_translated_.data();
    cbTotalBytes = total_bytes(request_);
    cbAvailable = static_cast<DWORD>(request_.body.size());
    lpbData = reinterpret_cast<LPBYTE>(request_.body.data());
    lpszContentType = content_type_.data();
}

ControlBlock* ControlBlock::make(RequestOwner& owner, IoPort& io, std::chrono::milliseconds timeout,
                                 Connection& connection, Request request, ScriptPath path,
                                 const Extension& extension) {
    return blocks().make(Key(), owner, io, timeout, connection, std::move(request), std::move(path),
                         extension);
}

std::vector<RequestInHand> ControlBlock::in_hand(const RequestOwner& owner) {
    std::vector<RequestInHand> found;
    const auto now = std::chrono::steady_clock::now();
    blocks().for_each([&](const ControlBlock& block) {
        if (&block.owner_ == &owner && block.references_ > 0)
            found.push_back({block.extension_.name(), block.what(),
                             std::chrono::duration_cast<std::chrono::seconds>(now - block.began_),
                             block.returned_});
    });
    return found;
}

std::string ControlBlock::what() const {
    return fmt::format("{} {}", request_.method, request_.path);
}

Poster ControlBlock::poster() const noexcept {
    const Image& image = extension_.image();
    Poster poster(current_thread_origin(&image), &image);
    poster.set_request(request_.path);
    return poster;
}

DWORD ControlBlock::send(std::string_view bytes) noexcept {
    sent_anything_ = true;
    return connection_->send(bytes);
}

std::string ControlBlock::head(std::string_view status, std::string_view headers, std::optional<bool> keep) {
    may_keep_ = may_keep_ && keep.value_or(true);
    wants_keep_ = keep.value_or(false);
    return response_head(status, headers, may_keep_);
}

DWORD ControlBlock::read(std::span<char> room, std::size_t& got) {
    RequestParser& parser = connection_->parser;
    for (;;) {
        const auto [progress, consumed, written] = parser.read_body(connection_->unread(), room);
        connection_->consume(consumed);
        got = written;
        if (progress == RequestParser::Progress::malformed || connection_->room().len == 0)
            return ERROR_INVALID_DATA;
        if (written > 0 || room.empty() || progress == RequestParser::Progress::complete)
            return 0;
        std::size_t bytes = 0;
        const DWORD error = connection_->receive(bytes);
        if (error != 0 || bytes == 0)
            return error == WSAETIMEDOUT ? DWORD{ERROR_SEM_TIMEOUT} : error;
    }
}

void ControlBlock::end_connection(bool abortive) noexcept {
    may_keep_ = false;
    const SOCKET socket = connection_->socket.get();
    const linger at_once{1, 0};
    if (abortive)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&at_once), sizeof(at_once));
    else
        shutdown(socket, SD_BOTH);
}

std::optional<Completion> ControlBlock::complete(DWORD status, bool synchronous) {
    if (async_.under_way()) {
        BrokenRules::add(Rule::done_during_io, extension_.name(),
                         fmt::format("completed {} while an asynchronous call of it was under way", what()));
        done_afterwards_ = status;
        async_.cancel(*connection_);
        return std::nullopt;
    }
    if (status == HSE_STATUS_ERROR && !sent_anything_)
        send(error_answer("500 Internal Server Error", "The extension reported an error.",
                          request_.method == "HEAD"));
    // MSDN: from IIS 4 on, SUCCESS of a synchronous return is SUCCESS_AND_KEEP_CONN. It is taken so
    // where the head said that the connection is kept: of other answers nobody knows the length.
    const bool keeps = status == HSE_STATUS_SUCCESS_AND_KEEP_CONN ||
                       (status == HSE_STATUS_SUCCESS && synchronous && wants_keep_);
    Connection& connection = *std::exchange(connection_, nullptr);
    const bool whole = connection.parser.body_is_whole();
    const bool keep = keeps && may_keep_ && sent_anything_ && whole;
    if (keep)
        connection.parser.reset();
    return Completion{&connection, keep, sent_anything_, whole, &extension_, request_.path};
}

void ControlBlock::done(DWORD status) {
    if (const auto completion = complete(status, false)) {
        owner_.on_done(*completion);
        release();
    }
}

std::optional<Completion> ControlBlock::call_extension() {
    DWORD status = HSE_STATUS_PENDING;
    auto call = [&] { status = extension_.call(*this); };
    std::optional<Crash> crash;
    {
        const WatchedCall watched(extension_.image(), "HttpExtensionProc", request_.method, request_.path,
                                  *this);
        crash = guarded(extension_.image(), call);
    }
    if (crash)
        on_crash("HttpExtensionProc", *crash);
    const auto completion = returned(crash ? std::nullopt : std::optional(status));
    release();
    return completion;
}

std::optional<Completion> ControlBlock::returned(std::optional<DWORD> status) {
    std::optional<Completion> completion;
    returned_ = true;
    if (status == DWORD{HSE_STATUS_PENDING})
        return completion;
    const std::lock_guard lock(calls_);
    if (!is_completed()) {
        completion = complete(status.value_or(HSE_STATUS_ERROR), true);
        if (completion)
            release();
    } else if (status) {
        BrokenRules::add(
            Rule::done_twice, extension_.name(),
            fmt::format("returned {} from HttpExtensionProc for {}, which DONE_WITH_SESSION had completed",
                        *status, what()));
    }
    return completion;
}

void ControlBlock::on_crash(std::string_view function, const Crash& crash) noexcept {
    // In a call on this block, with memory that is none: that call's end was never come to.
    if (caller_.load() == GetCurrentThreadId()) {
        caller_ = 0;
        calls_.unlock();
        release();
    }
    extension_.report(fmt::format("{} for {}", function, what()), crash);
}

void ControlBlock::call_back(const AsyncCall::Ended& ended) noexcept {
    if (ended.callback.function == nullptr)
        return;
    auto call = [&] { ended.callback.function(this, ended.callback.context, ended.bytes, ended.error); };
    const WatchedCall watched(extension_.image(), "a callback", request_.method, request_.path, *this);
    if (const auto crash = guarded(extension_.image(), call))
        on_crash("a callback", *crash);
}

void ControlBlock::on_packet(DWORD bytes, DWORD error, bool expired) noexcept {
    std::optional<AsyncCall::Ended> ended;
    std::optional<Completion> completion;
    {
        const std::lock_guard lock(calls_);
        ended = async_.on_packet(*connection_, bytes, error, expired);
        if (!ended)
            return;
        if (ended->by_thread_exit)
            owner_.on_call_cancelled(*connection_);
        if (done_afterwards_)
            completion = complete(*std::exchange(done_afterwards_, std::nullopt), false);
    }
    if (completion) {
        owner_.on_done(*completion);
        release();
    } else {
        call_back(*ended);
    }
    release();
}

void ControlBlock::on_thread_ended() noexcept {
    // What the thread did not come to: a callback's end, or HttpExtensionProc's, as if it had crashed.
    if (!returned_)
        if (const auto completion = returned(std::nullopt))
            owner_.on_done(*completion);
    release();
}

void ControlBlock::release() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        RequestOwner& owner = owner_;
        // What is left tells people which request it was. A swap: an assignment keeps the memory.
        std::string().swap(request_.body);
        std::vector<Header>().swap(request_.headers);
        blocks().end(*this);
        owner.on_released();
    }
}

} // namespace host
