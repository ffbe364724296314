import QtQuick
import Cms.Glyphs
import Cms.Theme

// A glyph by its name. Decoration: the word beside it is what a screen reader says.
Text {
    property string name
    property real size: Theme.sizeIconSmall

    width: size
    height: size
    text: Glyphs.of(name)
    color: Theme.ink
    font.family: Glyphs.family
    font.pixelSize: Math.max(1, size)
    textFormat: Text.PlainText
    horizontalAlignment: Text.AlignHCenter
    verticalAlignment: Text.AlignVCenter
    Accessible.ignored: true
}
