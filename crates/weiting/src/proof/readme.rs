//! The page in a bundle that says how to check it by hand.

/// What stands in `README.txt`.
pub(super) const README: &str = "\
微庭 案件存证包
================

本压缩包是法院从「微庭」导出的案件记录，任何人不需要法院的服务器，也不需要联网，就可以核对它是否完整、是否被改动。

里面有什么
----------
MANIFEST            清单：其余每个文件的名称和 SHA-256 值，由法院存证日志的密钥签名
key.txt             法院存证日志的公钥（请与法院公布的公钥核对）
checkpoint.txt      检查点：导出时法院全部行为的总数和总根值，由法院签名，可能还有见证方的签名
history/            更早的检查点，以及日志只增不减的证明
records/            每份记录（微法庭）一个文件：逐项行为、原文、加盐值、衔接关系，末项附有载入日志的证明
files/              行为中出示的文件，文件名就是其 SHA-256 值

用程序核对
----------
    weiting verify 本压缩包.zip

也可以打开法院微庭网站的「核验」页面（地址以 /verify 结尾），选择本压缩包：文件不会上传，在浏览器中完成核对。

用手核对
--------
只需要文本编辑器和 sha256sum（Windows 可用 certutil -hashfile 文件 SHA256）。先解压，在解压后的文件夹中：

1. 每个文件都在，且未被改动：
       sed -n 's/^file \\([0-9a-f]*\\) /\\1  /p' MANIFEST | sha256sum -c

2. 某项行为的叶子（records/ 文件中以 weiting act v1 开头、以 audience 结尾的十行）的 SHA-256，等于它上面一行 leaf 的值。
   第 3 项行为，例如：
       awk -v n=3 'BEGIN{RS=\"\"} NR==n+1' records/某记录.txt | sed -n '2,11p' | sha256sum

3. 下一项行为的 prev，等于上一项行为的 leaf。所以改动、删除、插入、调换任何一项，后面都对不上。

4. 原文没有改：把 body-salt 的 32 个字节和 body-document 后面的文字（不含换行）连在一起，其 SHA-256 等于叶子中 body 的值：
       ( grep -m1 '^body-salt ' 片段 | cut -d' ' -f2 | xxd -r -p; grep -m1 '^body-document ' 片段 | cut -d' ' -f2- | tr -d '\\n' ) | sha256sum

格式的完整说明见微庭的 docs/record-format.md；另一个独立的核验程序是 tests/verify/verify.py，只需 Python 3。
";
