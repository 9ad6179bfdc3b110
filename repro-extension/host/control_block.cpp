#include "control_block.hpp"

#include "response_head.hpp"
#include "utf8.hpp"

#include <algorithm>
#include <utility>

namespace host {
namespace {

/// PATH_TRANSLATED: what the path's info is called in the extension's folder; IIS maps it as if it
/// were a URL of the site.
std::string translated(const Extension& extension, const std::string& info) {
    std::string path = to_utf8(extension.file().parent_path()) + info;
    std::ranges::replace(path, '/', '\\');
    return path;
}

} // namespace

ControlBlock::ControlBlock(RequestOwner& owner, Connection& connection, Request request, ScriptPath path,
                           const Extension& extension)
    : EXTENSION_CONTROL_BLOCK{},
      owner_(owner),
      extension_(extension),
      connection_(&connection),
      request_(std::move(request)),
      path_(std::move(path)),
      content_type_(request_.header("Content-Type")),
      path_translated_(translated(extension, path_.info)),
      may_keep_(request_.keep_alive) {
    cbSize = sizeof(EXTENSION_CONTROL_BLOCK);
    dwVersion = HSE_VERSION;
    ConnID = static_cast<EXTENSION_CONTROL_BLOCK*>(this);
    dwHttpStatusCode = 200;
    lpszMethod = request_.method.data();
    lpszQueryString = request_.query.data();
    lpszPathInfo = path_.info.data();
    lpszPathTranslated = path_translated_.data();
    cbTotalBytes = static_cast<DWORD>(request_.body.size());
    cbAvailable = cbTotalBytes;
    lpbData = reinterpret_cast<LPBYTE>(request_.body.data());
    lpszContentType = content_type_.data();
}

ControlBlock* ControlBlock::from(HCONN id) noexcept {
    auto* block = static_cast<ControlBlock*>(static_cast<EXTENSION_CONTROL_BLOCK*>(id));
    return block != nullptr && block->connection_.load() != nullptr ? block : nullptr;
}

DWORD ControlBlock::send(std::string_view bytes) noexcept {
    sent_anything_ = true;
    return connection_.load()->send(bytes);
}

DWORD ControlBlock::send_head(std::string_view status, std::string_view headers, std::optional<bool> keep) {
    may_keep_ = may_keep_ && keep.value_or(true);
    return send(response_head(status, headers, may_keep_));
}

void ControlBlock::end_connection(bool abortive) noexcept {
    may_keep_ = false;
    const SOCKET socket = connection_.load()->socket.get();
    const linger at_once{1, 0};
    if (abortive)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&at_once), sizeof(at_once));
    else
        shutdown(socket, SD_BOTH);
}

std::optional<Completion> ControlBlock::complete(DWORD status) {
    Connection* connection = connection_.exchange(nullptr);
    if (connection == nullptr)
        return std::nullopt;
    if (status == HSE_STATUS_ERROR && !sent_anything_) {
        connection->send(error_answer("500 Internal Server Error", "The extension reported an error.",
                                      request_.method == "HEAD"));
        sent_anything_ = true;
    }
    const bool keep = status == HSE_STATUS_SUCCESS_AND_KEEP_CONN && may_keep_ && sent_anything_;
    return Completion{connection, keep, sent_anything_, &extension_, request_.path};
}

void ControlBlock::done(DWORD status) {
    if (const auto completion = complete(status)) {
        owner_.on_done(*completion);
        release();
    }
}

void ControlBlock::release() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        RequestOwner& owner = owner_;
        delete this;
        owner.on_released();
    }
}

} // namespace host
