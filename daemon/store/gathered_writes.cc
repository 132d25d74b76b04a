#include "daemon/store/gathered_writes.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace cellvigil::store {
namespace {

constexpr const char* kName = "cellvigil-gathered";
// Bytes held of a file at most. SQLite's layer for Unix takes no write of 128 KiB or more.
constexpr int kRoom = 124 * 1024;

// What SQLite sees as a file; behind it in the same memory lies the file of the layer below.
struct GatheredFile {
    sqlite3_file seen{};           // first: SQLite has a pointer to it
    GatheredFile* log = nullptr;   // of a database: its write-ahead log, whose locks are the database's
    GatheredFile* data = nullptr;  // of a log: its database
    std::unique_ptr<char[]> room;
    sqlite3_int64 from = 0;  // where what is held belongs
    int held = 0;            // bytes
    int failed = SQLITE_OK;  // of a late write, not told yet

    sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    const sqlite3_io_methods& below_methods() { return *below()->pMethods; }

    // What failed is forgotten, as SQLite forgets a transaction that failed: written later it could lie over another's.
    void put_down() {
        if (held == 0) return;
        const int code = below_methods().xWrite(below(), room.get(), std::exchange(held, 0), from);
        if (code != SQLITE_OK) failed = code;
    }
    // The same, and tells.
    int settle() {
        put_down();
        return std::exchange(failed, SQLITE_OK);
    }
};
static_assert(sizeof(GatheredFile) % alignof(std::max_align_t) == 0, "what is behind it is aligned");

GatheredFile& of(sqlite3_file* file) { return *reinterpret_cast<GatheredFile*>(file); }

int close(sqlite3_file* file) {
    GatheredFile& gathered = of(file);
    gathered.put_down();
    if (gathered.data != nullptr) gathered.data->log = nullptr;
    if (gathered.log != nullptr) gathered.log->data = nullptr;
    const int code = gathered.below_methods().xClose(gathered.below());
    gathered.~GatheredFile();
    return code;
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    GatheredFile& gathered = of(file);
    if (const int code = gathered.settle(); code != SQLITE_OK) return code;
    return gathered.below_methods().xRead(gathered.below(), to, size, at);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    GatheredFile& gathered = of(file);
    const bool follows = gathered.held > 0 && at == gathered.from + gathered.held && size <= kRoom - gathered.held;
    if (!follows || gathered.failed != SQLITE_OK) {
        if (const int code = gathered.settle(); code != SQLITE_OK) return code;
        if (gathered.room == nullptr) gathered.room.reset(new (std::nothrow) char[kRoom]);
        if (size > kRoom || gathered.room == nullptr) {
            return gathered.below_methods().xWrite(gathered.below(), bytes, size, at);
        }
        gathered.from = at;
    }
    std::memcpy(gathered.room.get() + gathered.held, bytes, static_cast<std::size_t>(size));
    gathered.held += size;
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    GatheredFile& gathered = of(file);
    if (const int code = gathered.settle(); code != SQLITE_OK) return code;
    return gathered.below_methods().xTruncate(gathered.below(), size);
}

int sync(sqlite3_file* file, int flags) {
    GatheredFile& gathered = of(file);
    if (const int code = gathered.settle(); code != SQLITE_OK) return code;
    return gathered.below_methods().xSync(gathered.below(), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    GatheredFile& gathered = of(file);
    if (const int code = gathered.settle(); code != SQLITE_OK) return code;
    return gathered.below_methods().xFileSize(gathered.below(), size);
}

// Locks: SQLite does not look at how giving one back went, so what failed is told by the next call.
int lock(sqlite3_file* file, int level) { return of(file).below_methods().xLock(of(file).below(), level); }

int unlock(sqlite3_file* file, int level) {
    of(file).put_down();
    return of(file).below_methods().xUnlock(of(file).below(), level);
}

int check_reserved_lock(sqlite3_file* file, int* taken) {
    return of(file).below_methods().xCheckReservedLock(of(file).below(), taken);
}

int file_control(sqlite3_file* file, int what, void* with) {
    of(file).put_down();
    return of(file).below_methods().xFileControl(of(file).below(), what, with);
}

int sector_size(sqlite3_file* file) { return of(file).below_methods().xSectorSize(of(file).below()); }

int device_characteristics(sqlite3_file* file) {
    return of(file).below_methods().xDeviceCharacteristics(of(file).below());
}

int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** at) {
    return of(file).below_methods().xShmMap(of(file).below(), region, size, extend, at);
}

// The locks of the log, of its writer and of a checkpoint alike.
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    GatheredFile& gathered = of(file);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        gathered.put_down();
        if (gathered.log != nullptr) gathered.log->put_down();
    }
    return gathered.below_methods().xShmLock(gathered.below(), offset, count, flags);
}

// Stands before what a transaction wrote is shown to readers. With synchronous=FULL it has been written by then.
void barrier_shared(sqlite3_file* file) {
    GatheredFile& gathered = of(file);
    if (gathered.log != nullptr) gathered.log->put_down();
    gathered.below_methods().xShmBarrier(gathered.below());
}

int unmap_shared(sqlite3_file* file, int remove) {
    return of(file).below_methods().xShmUnmap(of(file).below(), remove);
}

int fetch(sqlite3_file* file, sqlite3_int64 at, int size, void** to) {
    GatheredFile& gathered = of(file);
    if (const int code = gathered.settle(); code != SQLITE_OK) return code;
    return gathered.below_methods().xFetch(gathered.below(), at, size, to);
}

int unfetch(sqlite3_file* file, sqlite3_int64 at, void* what) {
    return of(file).below_methods().xUnfetch(of(file).below(), at, what);
}

constexpr int kMethodsVersion = 3;  // with shared memory and mapping
constexpr sqlite3_io_methods kMethods = {.iVersion = kMethodsVersion,
                                         .xClose = close,
                                         .xRead = read,
                                         .xWrite = write,
                                         .xTruncate = truncate,
                                         .xSync = sync,
                                         .xFileSize = file_size,
                                         .xLock = lock,
                                         .xUnlock = unlock,
                                         .xCheckReservedLock = check_reserved_lock,
                                         .xFileControl = file_control,
                                         .xSectorSize = sector_size,
                                         .xDeviceCharacteristics = device_characteristics,
                                         .xShmMap = map_shared,
                                         .xShmLock = lock_shared,
                                         .xShmBarrier = barrier_shared,
                                         .xShmUnmap = unmap_shared,
                                         .xFetch = fetch,
                                         .xUnfetch = unfetch};

sqlite3_vfs* below_of(sqlite3_vfs* layer) { return static_cast<sqlite3_vfs*>(layer->pAppData); }

int open(sqlite3_vfs* layer, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    sqlite3_vfs* const below = below_of(layer);
    const bool is_log = (flags & SQLITE_OPEN_WAL) != 0;
    if (name == nullptr || !(is_log || (flags & SQLITE_OPEN_MAIN_DB) != 0)) {
        return below->xOpen(below, name, file, flags, flags_out);
    }
    auto* const gathered = new (file) GatheredFile;
    std::memset(gathered->below(), 0, static_cast<std::size_t>(below->szOsFile));
    int code = below->xOpen(below, name, gathered->below(), flags, flags_out);
    if (code == SQLITE_OK && gathered->below_methods().iVersion < kMethodsVersion) code = SQLITE_CANTOPEN;
    if (code != SQLITE_OK) {
        if (gathered->below()->pMethods != nullptr) gathered->below_methods().xClose(gathered->below());
        gathered->~GatheredFile();
        file->pMethods = nullptr;  // SQLite does not close it then
        return code;
    }
    gathered->seen.pMethods = &kMethods;
    if (is_log) {
        sqlite3_file* const data = sqlite3_database_file_object(name);
        if (data->pMethods == &kMethods) {
            gathered->data = &of(data);
            gathered->data->log = gathered;
        }
    }
    return code;
}

// All but opening is the layer's below.
sqlite3_vfs over(sqlite3_vfs* below) {
    sqlite3_vfs layer{};
    layer.iVersion = 2;
    layer.szOsFile = static_cast<int>(sizeof(GatheredFile)) + below->szOsFile;
    layer.mxPathname = below->mxPathname;
    layer.zName = kName;
    layer.pAppData = below;
    layer.xOpen = open;
    layer.xDelete = [](sqlite3_vfs* vfs, const char* name, int sync_folder) {
        return below_of(vfs)->xDelete(below_of(vfs), name, sync_folder);
    };
    layer.xAccess = [](sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
        return below_of(vfs)->xAccess(below_of(vfs), name, flags, answer);
    };
    layer.xFullPathname = [](sqlite3_vfs* vfs, const char* name, int size, char* to) {
        return below_of(vfs)->xFullPathname(below_of(vfs), name, size, to);
    };
    layer.xRandomness = [](sqlite3_vfs* vfs, int size, char* to) {
        return below_of(vfs)->xRandomness(below_of(vfs), size, to);
    };
    layer.xSleep = [](sqlite3_vfs* vfs, int microseconds) {
        return below_of(vfs)->xSleep(below_of(vfs), microseconds);
    };
    layer.xCurrentTime = [](sqlite3_vfs* vfs, double* days) {
        return below_of(vfs)->xCurrentTime(below_of(vfs), days);
    };
    layer.xGetLastError = [](sqlite3_vfs* vfs, int size, char* to) {
        return below_of(vfs)->xGetLastError(below_of(vfs), size, to);
    };
    layer.xCurrentTimeInt64 = [](sqlite3_vfs* vfs, sqlite3_int64* now) {
        return below_of(vfs)->xCurrentTimeInt64(below_of(vfs), now);
    };
    return layer;
}

}  // namespace

const char* gathered_writes() {
    static const bool known = [] {
        sqlite3_vfs* const below = sqlite3_vfs_find(nullptr);
        if (below == nullptr || below->iVersion < 2) return false;
        static sqlite3_vfs layer = over(below);
        return sqlite3_vfs_register(&layer, 0) == SQLITE_OK;
    }();
    return known ? kName : nullptr;
}

}  // namespace cellvigil::store
