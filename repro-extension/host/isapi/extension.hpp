// One ISAPI DLL, from its loading to its end.
#pragma once

#include "base/counter.hpp"
#include "base/handles.hpp"
#include "faults/guarded_call.hpp"
#include "faults/image.hpp"

#include <httpext.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace host {

/// Why a DLL could not be used as an extension: a sentence that names it.
class ExtensionError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A loaded ISAPI extension. Its end is TerminateExtension(HSE_TERM_MUST_UNLOAD) and FreeLibrary:
/// only once all of its requests have finished.
class Extension {
  public:
    /// Loads the DLL and calls GetExtensionVersion. Throws ExtensionError.
    explicit Extension(const std::filesystem::path& file);
    Extension(const Extension&) = delete;
    Extension& operator=(const Extension&) = delete;
    ~Extension();

    const std::filesystem::path& file() const noexcept { return file_; }
    /// The file's folder, in UTF-8.
    const std::string& folder() const noexcept { return folder_; }
    /// The file's name.
    const std::string& name() const noexcept { return name_; }
    const Image& image() const noexcept { return image_; }
    /// Requests it was given.
    Counter& requests() const noexcept { return requests_; }

    /// HttpExtensionProc: HSE_STATUS_*. Unguarded.
    DWORD call(EXTENSION_CONTROL_BLOCK& block) const { return http_extension_proc_(&block); }

    /// Counts a crash as a broken rule. `function`: what of the extension's had been called.
    void report(std::string_view function, const Crash& crash) const noexcept;

  private:
    std::filesystem::path file_;
    std::string folder_;
    std::string name_;
    UniqueModule module_;
    Image image_;
    mutable Counter requests_;
    PFN_HTTPEXTENSIONPROC http_extension_proc_ = nullptr;
    PFN_TERMINATEEXTENSION terminate_extension_ = nullptr; ///< optional
};

} // namespace host
