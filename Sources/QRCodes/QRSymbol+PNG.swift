internal import CQREncode
internal import Foundation

extension QRSymbol {
    /// Sides a picture may have, in pixels.
    package static let pictureSides = 64...4096

    /// A square 1-bit greyscale PNG with whole pixels for each module, quiet zone included.
    ///
    /// - Throws: ``QRCodeError`` with `sizeOutOfRange` when the side leaves 64 to 4096 pixels, or `libraryFailure`.
    package func png(modulePixels: Int) throws(QRCodeError) -> [UInt8] {
        let (pictureSide, overflow) = extent.multipliedReportingOverflow(by: modulePixels)
        guard !overflow, Self.pictureSides.contains(pictureSide) else { throw .sizeOutOfRange }
        return try draw(modulePixels: modulePixels)
    }

    /// The largest picture of whole pixels for each module whose side is at most the given number of pixels, 64 to 4096.
    ///
    /// - Throws: ``QRCodeError`` as ``png(modulePixels:)`` does, with `sizeOutOfRange` also when the modules do not fit.
    package func png(fittingPixels: Int) throws(QRCodeError) -> [UInt8] {
        guard Self.pictureSides.contains(fittingPixels), fittingPixels >= extent else { throw .sizeOutOfRange }
        return try draw(modulePixels: fittingPixels / extent)
    }

    /// A PNG as an address that an HTML image can show without another request.
    ///
    /// - Throws: ``QRCodeError`` as ``png(modulePixels:)`` does.
    package func dataURI(modulePixels: Int = 6) throws(QRCodeError) -> String {
        "data:image/png;base64," + Data(try png(modulePixels: modulePixels)).base64EncodedString()
    }

    /// Writes the picture of a size that the caller has checked.
    private func draw(modulePixels: Int) throws(QRCodeError) -> [UInt8] {
        let rows = packedRows(modulePixels: modulePixels)
        // Zlib's worst case is stored blocks: the data, a filter byte a row, and well under a kilobyte of chunk headers a megabyte.
        let capacity = (rows.count + extent) * modulePixels * 101 / 100 + 1024
        let picture = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { memory -> [UInt8]? in
            var output = unsafe CQREncodePNGOutput(bytes: memory.baseAddress, count: 0, capacity: capacity)
            guard unsafe CQREncode_writePNG(rows, UInt32(extent * modulePixels), UInt32(modulePixels), &output) == 1 else { return nil }
            return unsafe Array(memory[..<output.count])
        }
        guard let picture else { throw .libraryFailure }
        return picture
    }

    /// One row of pixels for each row of modules, eight pixels a byte, light as 1.
    private func packedRows(modulePixels: Int) -> [UInt8] {
        let rowBytes = (extent * modulePixels + 7) / 8
        var rows = [UInt8](repeating: 0xFF, count: extent * rowBytes)
        for row in 0..<side {
            let rowStart = (row + Self.quietZone) * rowBytes
            for column in 0..<side where isDark(row: row, column: column) {
                let firstPixel = (column + Self.quietZone) * modulePixels
                for pixel in firstPixel..<firstPixel + modulePixels {
                    rows[rowStart + pixel / 8] &= ~(0x80 >> UInt8(pixel % 8))
                }
            }
        }
        return rows
    }
}
