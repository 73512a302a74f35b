files-visibility-public = 顾客可见
files-visibility-internal = 仅内部
files-thumbnail = 缩略图：{ $name }
files-download = 下载 { $name }
files-limits = 可以传照片（JPEG、PNG、WebP）、PDF 和纯文本，每个不超过 { $megabytes } MB

fault-file-empty = 文件是空的，请重新选一个
fault-file-too-large = 文件超过 { $megabytes } MB，请压缩或分开再传
fault-file-program = 这是程序或网页，不是照片或文档，不能上传
fault-file-kind = 不支持这种文件。可以传照片（JPEG、PNG、WebP）、PDF 和纯文本
fault-file-mismatch = 文件内容是 { $found }，和它声明的 { $declared } 不一致，请另存为正确的格式再传
fault-file-damaged = 照片打不开，可能没有传完整，请重新拍照或重新选择
fault-file-pixels = 照片太大：{ $width } × { $height } 像素，最多 { $megapixels } 百万像素，请缩小再传
fault-file-gone = 文件已删除
