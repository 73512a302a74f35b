files-visibility-public = Customer sees it
files-visibility-internal = Staff only
files-thumbnail = Thumbnail: { $name }
files-download = Download { $name }
files-limits = Photos (JPEG, PNG, WebP), PDF and plain text, up to { $megabytes } MB each

fault-file-empty = The file is empty. Choose it again
fault-file-too-large = The file is larger than { $megabytes } MB. Make it smaller or split it
fault-file-program = This is a program or a web page, not a photo or a document, and is not taken
fault-file-kind = Files of this kind are not taken. Photos (JPEG, PNG, WebP), PDF and plain text are
fault-file-mismatch = The file holds { $found }, not { $declared } as it says. Save it in the right format and send it again
fault-file-damaged = The photo cannot be opened; it may be incomplete. Take or choose it again
fault-file-pixels = The photo is too large: { $width } × { $height } pixels. The limit is { $megapixels } megapixels; make it smaller
fault-file-gone = The file was deleted
