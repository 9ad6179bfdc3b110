#include "isapi/extension_cache.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <cctype>

namespace host {
std::vector<const Extension*> ExtensionCache::loaded() {
    std::vector<const Extension*> all;
    const std::lock_guard lock(guard_);
    for (auto& [name, entry] : entries_) {
        const std::lock_guard entry_lock(entry.guard);
        if (entry.extension)
            all.push_back(entry.extension.get());
    }
    return all;
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
            std::error_code ignored;
            if (!std::filesystem::is_regular_file(root_ / to_utf16(name), ignored))
                return nullptr;
            entry = &entries_[key];
        }
    }
    const std::lock_guard lock(entry->guard);
    if (!entry->extension)
        entry->extension = std::make_unique<Extension>(root_ / to_utf16(name));
    return entry->extension.get();
}

} // namespace host
