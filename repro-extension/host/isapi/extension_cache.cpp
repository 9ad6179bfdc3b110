#include "isapi/extension_cache.hpp"

#include "base/handles.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>

namespace host {
namespace {

// Where a file or folder is, all links followed; empty if the system does not tell.
std::filesystem::path final_path(const std::filesystem::path& path) {
    auto* const handle = CreateFileW(path.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                     nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    const UniqueHandle owner(handle == INVALID_HANDLE_VALUE ? nullptr : handle);
    std::array<wchar_t, 1024> text;
    const DWORD length =
        owner ? GetFinalPathNameByHandleW(handle, text.data(), static_cast<DWORD>(text.size()), 0) : 0;
    return length < text.size() ? std::wstring_view(text.data(), length) : std::wstring_view();
}

} // namespace

std::vector<const Extension*> ExtensionCache::loaded() {
    std::vector<const Extension*> all;
    const std::lock_guard lock(guard_);
    for (auto& [name, entry] : entries_) {
        const std::unique_lock entry_lock(entry.guard, std::try_to_lock); // it may hang in its start
        if (entry_lock && entry.extension)
            all.push_back(entry.extension.get());
    }
    return all;
}

void ExtensionCache::clear() {
    for (auto& [name, entry] : entries_) {
        if (entry.extension) {
            const std::lock_guard lock(guard_);
            ending_ = entry.extension->name();
        }
        entry.extension.reset();
    }
    entries_.clear();
}

ExtensionCache::Start::Start(ExtensionCache& cache, std::optional<Clock::time_point>& began)
    : cache_(cache), began_(began) {
    const std::lock_guard lock(cache_.guard_);
    began_ = Clock::now();
}

ExtensionCache::Start::~Start() {
    const std::lock_guard lock(cache_.guard_);
    began_.reset();
}

std::vector<StartingExtension> ExtensionCache::starting() const {
    std::vector<StartingExtension> all;
    const std::lock_guard lock(guard_);
    for (const auto& [name, entry] : entries_)
        if (entry.start_began)
            all.push_back(
                {name, std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - *entry.start_began)});
    return all;
}

std::string ExtensionCache::ending() const {
    const std::lock_guard lock(guard_);
    return ending_;
}

const Extension* ExtensionCache::find(std::string_view name) {
    std::string key(name);
    std::ranges::transform(key, key.begin(),
                           [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    Entry* entry = nullptr;
    {
        const std::lock_guard lock(guard_);
        const auto known = entries_.find(key);
        if (known != entries_.end()) {
            entry = &known->second;
        } else {
            const std::filesystem::path file = root_ / to_utf16(name);
            std::error_code ignored;
            if (!std::filesystem::is_regular_file(file, ignored) ||
                final_path(file).parent_path() != final_path(root_))
                return nullptr;
            entry = &entries_[key];
        }
    }
    const std::lock_guard lock(entry->guard);
    if (!entry->extension) {
        const Start start(*this, entry->start_began);
        entry->extension = std::make_unique<Extension>(root_ / to_utf16(name));
    }
    return entry->extension.get();
}

} // namespace host
