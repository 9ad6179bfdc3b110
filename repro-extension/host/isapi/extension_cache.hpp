// The ISAPI DLLs of a folder, and which of them a URL means.
#pragma once

#include "base/mutex.hpp"
#include "isapi/extension.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace host {

struct StartingExtension {
    std::string name; ///< in small letters
    std::chrono::seconds since;
};

/// The DLLs of one folder, each loaded at its first request (IIS's CacheISAPI).
class ExtensionCache {
  public:
    explicit ExtensionCache(std::filesystem::path root) : root_(std::move(root)) {}

    /// The extension called NAME.dll, or null if the folder has no such file; a link that leads out of
    /// it is none. Throws ExtensionError; a later request tries again. GetExtensionVersion runs under a
    /// lock of this one DLL: its other requests wait for it.
    const Extension* find(std::string_view name);

    /// Those that are loading, GetExtensionVersion included.
    std::vector<StartingExtension> starting() const;
    /// Those that are loaded.
    std::vector<const Extension*> loaded();

    /// Ends all extensions; none is loaded afterwards until the next find(). For when no request is
    /// left.
    void clear();
    /// The one that clear() is ending.
    std::string ending() const;

  private:
    using Clock = std::chrono::steady_clock;
    struct Entry {
        Mutex guard;
        std::unique_ptr<Extension> extension;
        std::optional<Clock::time_point> start_began; ///< guarded by guard_
    };
    /// Says in the entry that it is starting, to the end of the scope.
    class Start {
      public:
        Start(ExtensionCache& cache, std::optional<Clock::time_point>& began);
        Start(const Start&) = delete;
        Start& operator=(const Start&) = delete;
        ~Start();

      private:
        ExtensionCache& cache_;
        std::optional<Clock::time_point>& began_;
    };

    std::filesystem::path root_;
    mutable Mutex guard_;
    std::string ending_;
    std::map<std::string, Entry> entries_;
};

} // namespace host
