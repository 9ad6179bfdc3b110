#include "storage/rows/bucket_row.hpp"

#include <array>

namespace loadgen {

Columns<BucketRow> BucketRow::columns() {
    static constexpr auto table = std::to_array<Column<BucketRow>>({
        column<&BucketRow::run_id>("run_id"),
        column<&BucketRow::label>("label"),
        column<&BucketRow::measure>("measure"),
        column<&BucketRow::second>("second"),
        column<&BucketRow::bucket, &Histogram::Bucket::low>("from_us"),
        column<&BucketRow::bucket, &Histogram::Bucket::high>("below_us"),
        column<&BucketRow::bucket, &Histogram::Bucket::count>("count"),
    });
    return table;
}

} // namespace loadgen
