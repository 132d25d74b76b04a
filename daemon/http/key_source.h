// The identity provider's keys, kept at hand: read at the start and every so often on a thread of its own, and at once
// when a token names a key that is not there, at most once in `least_between`. When the provider is away the keys known
// last stay in use, and the log says so at the first failure. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/auth/jwk.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::http {

class KeySource {
  public:
    using Fetch = std::function<Result<std::string>()>;  // the JSON Web Key Set; may block for some seconds
    struct Options {
        Fetch fetch;
        seconds every{3600};
        seconds least_between{60};
    };
    explicit KeySource(Options options);
    ~KeySource();  // waits for a fetch that runs
    KeySource(const KeySource&) = delete;
    KeySource& operator=(const KeySource&) = delete;

    std::shared_ptr<const auth::KeySet> keys() const;  // null: none could be read yet
    // False: not now, it was asked for within `least_between`, or too many wait. Else `done` is called once, from the
    // source's thread, when the keys have been read or could not be.
    bool refresh(std::function<void()> done);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// A Fetch from a file, or from an http:// or https:// address (no redirects, 1 MiB, 5 s). `ca_file` empty: the
// system's.
KeySource::Fetch fetch_of(std::string place, std::string ca_file);

}  // namespace cellvigil::http
